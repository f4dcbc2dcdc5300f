import type { Problem } from 'tinyllm/configuration';
import type { GraphDraft } from './check-edges.js';
import type { Link } from './reachable.js';

/** Yields the first cycle. It is reported at its last edge in the file, which is most likely the wrong one. */
export function* cycleProblems({ nodes, edges }: GraphDraft): Generator<Problem> {
  const cycle = findCycle([...nodes.keys()], edges);
  if (cycle === undefined) return;
  const last = Math.max(...cycle);
  const lastPosition = cycle.indexOf(last);
  const path = [...cycle.slice(lastPosition + 1), ...cycle.slice(0, lastPosition + 1)].map((index) => edges[index]);
  const names = [path[0]?.from, ...path.map((edge) => edge?.to)];
  yield {
    path: ['edges', last],
    message: `the edges form a cycle: ${names.join(' -> ')}; remove one of these edges.`,
  };
}

type Links = readonly Link<string>[];

/** The indexes of the edges of one cycle, in the order of the cycle. `undefined` if there is no cycle. */
export function findCycle(ids: readonly string[], edges: Links): readonly number[] | undefined {
  const into = unsorted(ids, edges);
  let [id] = into.keys();
  if (id === undefined) return undefined;
  // Each unsorted node has an incoming edge from another unsorted node, so following these edges backwards finds a
  // cycle.
  const positions = new Map<string, number>();
  const backwards: number[] = [];
  while (id !== undefined && !positions.has(id)) {
    positions.set(id, backwards.length);
    const index: number | undefined = into.get(id);
    if (index === undefined) return undefined;
    backwards.push(index);
    id = edges[index]?.from;
  }
  return backwards.slice(positions.get(id ?? '') ?? 0).reverse();
}

/**
 * The nodes that topological sorting cannot sort, because they are on or after a cycle.
 *
 * Each node is mapped to one incoming edge from another such node.
 */
function unsorted(ids: readonly string[], edges: Links): ReadonlyMap<string, number> {
  const open = new Map(ids.map((id) => [id, 0]));
  const outgoing = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of edges) {
    open.set(to, (open.get(to) ?? 0) + 1);
    outgoing.get(from)?.push(to);
  }
  const sorted = new Set(ids.filter((id) => open.get(id) === 0));
  for (const id of sorted) {
    for (const target of outgoing.get(id) ?? []) {
      const left = (open.get(target) ?? 0) - 1;
      open.set(target, left);
      if (left === 0) sorted.add(target);
    }
  }
  const into = new Map<string, number>();
  for (const [index, { from, to }] of edges.entries()) {
    if (!sorted.has(from) && !sorted.has(to)) into.set(to, index);
  }
  return into;
}
