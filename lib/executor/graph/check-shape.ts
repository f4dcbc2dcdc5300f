import type { Problem } from 'tinyllm/configuration';
import type { GraphDraft } from './check-edges.js';
import { Flow } from './flow.js';

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
  const reached = new Flow(draft).from(entry);
  const lost = ids.find((id) => !reached.has(id));
  if (lost !== undefined) {
    yield {
      path: ['nodes', lost],
      message: `${lost} cannot be reached from ${entry}; add an edge to it, or remove it.`,
    };
  }
  // Without cycles every way ends, so a node that no exit lies ahead of is, or leads to, one of these. A node that only
  // others run comes back to those.
  const sources = new Set(draft.edges.map(({ from }) => from));
  const targets = new Set([entry, ...draft.edges.map(({ to }) => to)]);
  const stuck = ids.find((id) => draft.nodes.get(id)?.kind !== 'exit' && !sources.has(id) && targets.has(id));
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
