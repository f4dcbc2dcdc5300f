import type { Problem } from '../yaml/problem.js';
import type { GraphDraft } from './check-edges.js';
import { reachable } from './reachable.js';

/** What is wrong with a graph as a whole whose single edges are right; cycles aside. */
export function* shapeProblems(draft: GraphDraft): Generator<Problem> {
  const ids = [...draft.nodes.keys()];
  const ofKind = (kind: string) => ids.filter((id) => draft.nodes.get(id)?.kind === kind);
  const [entry, second] = ofKind('entry');
  if (entry === undefined) {
    yield { path: ['nodes'], message: 'no node is the entry; add one, like entry: { kind: entry }.' };
    return;
  }
  if (second !== undefined) {
    yield { path: ['nodes', second], message: `${second} is a second entry beside ${entry}; keep one.` };
  }
  if (ofKind('exit').length === 0) {
    yield { path: ['nodes'], message: 'no node is an exit; add one, like exit: { kind: exit }.' };
    return;
  }
  const reached = reachable(draft.edges, entry);
  const lost = ids.find((id) => !reached.has(id));
  if (lost !== undefined) {
    yield {
      path: ['nodes', lost],
      message: `${lost} cannot be reached from ${entry}; add an edge to it, or remove it.`,
    };
  }
  // Without cycles every way ends, so a node that no exit lies ahead of is, or leads to, one of these.
  const sources = new Set(draft.edges.map(({ from }) => from));
  const stuck = ids.find((id) => draft.nodes.get(id)?.kind !== 'exit' && !sources.has(id));
  if (stuck !== undefined) {
    yield {
      path: ['nodes', stuck],
      message: `no exit can be reached from ${stuck}: it has no edge out; add one.`,
    };
  }
}

/** A limit of steps that no run could keep to, because even the shortest way has more. */
export function* stepProblems({ nodes, edges }: GraphDraft, entry: string, steps: number): Generator<Problem> {
  let front: ReadonlySet<string> = new Set([entry]);
  for (let count = 1; count <= nodes.size; count++) {
    if ([...front].some((id) => nodes.get(id)?.kind === 'exit')) {
      if (count <= steps) return;
      yield {
        path: ['limits', 'steps'],
        message: `limits.steps is ${steps}, but the shortest way from ${entry} to an exit passes ${count} nodes; expected ${count} or more.`,
      };
      return;
    }
    const ends = front;
    front = new Set(edges.filter(({ from }) => ends.has(from)).map(({ to }) => to));
  }
}

/** Where a node's settings speak of a result that cannot be there when it runs. */
export function* referenceProblems({ nodes, edges }: GraphDraft): Generator<Problem> {
  const ahead = new Map<string, ReadonlySet<string>>();
  const aheadOf = (node: string): ReadonlySet<string> => {
    const known = ahead.get(node) ?? reachable(edges, node);
    ahead.set(node, known);
    return known;
  };
  for (const [id, { references = [] }] of nodes) {
    for (const { setting, node } of references) {
      const path = ['nodes', id, setting];
      const meant = nodes.get(node);
      if (meant === undefined) {
        yield {
          path,
          message: `{{results.${node}}} speaks of no node; expected the name of one that runs before ${id}.`,
        };
      } else if (node === id || !aheadOf(node).has(id)) {
        yield { path, message: `{{results.${node}}} is never there: ${node} does not run before ${id}.` };
      } else if (meant.leavesNoResult) {
        yield {
          path,
          message: `{{results.${node}}} is never there: ${node} is of the kind ${meant.kind}, which leaves no result; name a model or a tool.`,
        };
      }
    }
  }
}
