import type { Problem } from 'tinyllm/configuration';
import type { GraphDraft } from './check-edges.js';
import { Flow } from './flow.js';

/** Yields problems with the graph as a whole. Edges and cycles must already be checked. */
export function* shapeProblems(draft: GraphDraft): Generator<Problem> {
  const ids = [...draft.nodes.keys()];
  const ofKind = (kind: string) => ids.filter((id) => draft.nodes.get(id)?.kind === kind);
  const [entry, second] = ofKind('entry');
  if (entry === undefined) {
    yield { path: ['nodes'], message: 'no node is the entry; add one, like entry: { kind: entry }.' };
    return;
  }
  if (second !== undefined) {
    yield { path: ['nodes', second], message: `the graph has two entries, ${entry} and ${second}; keep one.` };
  }
  if (ofKind('exit').length === 0) {
    yield { path: ['nodes'], message: 'no node is an exit; add one, like exit: { kind: exit }.' };
    return;
  }
  const reached = new Flow(draft).from(entry);
  const unreachable = ids.find((id) => !reached.has(id));
  if (unreachable !== undefined) {
    yield {
      path: ['nodes', unreachable],
      message: `${unreachable} cannot be reached from ${entry}; add an edge to it, or remove it.`,
    };
  }
  // Without cycles, every path ends at an exit or at a dead end: a node without outgoing edges. A node that runs only
  // inside other nodes needs no outgoing edge.
  const sources = new Set(draft.edges.map(({ from }) => from));
  const targets = new Set([entry, ...draft.edges.map(({ to }) => to)]);
  const deadEnd = ids.find((id) => draft.nodes.get(id)?.kind !== 'exit' && !sources.has(id) && targets.has(id));
  if (deadEnd !== undefined) {
    yield {
      path: ['nodes', deadEnd],
      message: `no exit can be reached from ${deadEnd}: it has no outgoing edge; add one.`,
    };
  }
}

/** Yields a problem if even the shortest path has more nodes than the step limit allows. */
export function* stepProblems({ nodes, edges }: GraphDraft, entry: string, steps: number): Generator<Problem> {
  let front: ReadonlySet<string> = new Set([entry]);
  for (let count = 1; count <= nodes.size; count++) {
    if ([...front].some((id) => nodes.get(id)?.kind === 'exit')) {
      if (count <= steps) return;
      yield {
        path: ['limits', 'steps'],
        message: `limits.steps is ${steps}, but the shortest path from ${entry} to an exit has ${count} nodes; expected ${count} or more.`,
      };
      return;
    }
    const ends = front;
    front = new Set(edges.filter(({ from }) => ends.has(from)).map(({ to }) => to));
  }
}
