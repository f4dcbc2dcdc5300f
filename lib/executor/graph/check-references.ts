import type { Problem } from 'tinyllm/configuration';
import type { GraphDraft } from './check-edges.js';
import { Flow } from './flow.js';

/** Where a node's settings speak of a result that cannot be there when it runs. */
export function* referenceProblems(draft: GraphDraft): Generator<Problem> {
  const flow = new Flow(draft);
  for (const [id, { references = [] }] of draft.nodes) {
    for (const { setting, node, words = `{{results.${node}}}` } of references) {
      const path = ['nodes', id, setting];
      const meant = draft.nodes.get(node);
      if (meant === undefined) {
        yield { path, message: `${words} speaks of no node; expected the name of one that runs before ${id}.` };
      } else if (!flow.canEndBefore(node, id)) {
        yield { path, message: `${words} is never there: ${node} does not run before ${id}.` };
      } else if (meant.leavesNoResult) {
        yield {
          path,
          message: `${words} is never there: ${node} is of the kind ${meant.kind}, which leaves no result; name a model or a tool.`,
        };
      }
    }
  }
}
