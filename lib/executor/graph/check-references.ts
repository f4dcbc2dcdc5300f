import type { Problem } from 'tinyllm/configuration';
import type { GraphDraft } from './check-edges.js';
import { Flow } from './flow.js';

/** Yields settings that refer to a result that cannot exist when the node runs. */
export function* referenceProblems(draft: GraphDraft): Generator<Problem> {
  const flow = new Flow(draft);
  for (const [id, { references = [] }] of draft.nodes) {
    for (const { setting, node, words = `{{results.${node}}}` } of references) {
      const path = ['nodes', id, setting];
      const referenced = draft.nodes.get(node);
      if (referenced === undefined) {
        yield { path, message: `${words} does not name a node; expected the name of a node that runs before ${id}.` };
      } else if (!flow.canEndBefore(node, id)) {
        yield {
          path,
          message: `${words} never has a value: ${node} does not run before ${id}; name a node that does.`,
        };
      } else if (referenced.leavesNoResult) {
        yield {
          path,
          message: `${words} never has a value: ${node} is of the kind ${referenced.kind}, which has no result; name a model or a tool.`,
        };
      }
    }
  }
}
