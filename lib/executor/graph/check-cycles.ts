import type { Problem } from 'tinyllm/configuration';
import type { GraphDraft } from './check-edges.js';
import type { Way } from './reachable.js';

/** The first cycle, placed at the edge of it that stands last in the file: most likely the one too many. */
export function* cycleProblems({ nodes, edges }: GraphDraft): Generator<Problem> {
  const cycle = findCycle([...nodes.keys()], edges);
  if (cycle === undefined) return;
  const last = Math.max(...cycle);
  const turn = cycle.indexOf(last);
  const way = [...cycle.slice(turn + 1), ...cycle.slice(0, turn + 1)].map((index) => edges[index]);
  const names = [way[0]?.from, ...way.map((edge) => edge?.to)];
  yield {
    path: ['edges', last],
    message: `a run could go in circles: ${names.join(' -> ')}; remove one of these edges.`,
  };
}

type Ends = readonly Way<string>[];

/** The indexes of a cycle's edges in the order they are passed. */
export function findCycle(ids: readonly string[], edges: Ends): readonly number[] | undefined {
  const into = unsorted(ids, edges);
  let [id] = into.keys();
  if (id === undefined) return undefined;
  // Each node left has an edge into it from another one left, so walking backwards must meet itself.
  const passed = new Map<string, number>();
  const backwards: number[] = [];
  while (id !== undefined && !passed.has(id)) {
    passed.set(id, backwards.length);
    const index: number | undefined = into.get(id);
    if (index === undefined) return undefined;
    backwards.push(index);
    id = edges[index]?.from;
  }
  return backwards.slice(passed.get(id ?? '') ?? 0).reverse();
}

/** What topological sorting leaves over: nodes on or behind a cycle, each with one edge into it from another such node. */
function unsorted(ids: readonly string[], edges: Ends): ReadonlyMap<string, number> {
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
