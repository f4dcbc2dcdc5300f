import type { Edge } from './graph.js';

/** The ids of all nodes that a way leads to from one, itself included. */
export function reachable(edges: readonly Edge[], from: string): ReadonlySet<string> {
  const targets = new Map<string, string[]>();
  for (const edge of edges) {
    const list = targets.get(edge.from);
    if (list === undefined) targets.set(edge.from, [edge.to]);
    else list.push(edge.to);
  }
  const reached = new Set([from]);
  for (const id of reached) {
    for (const target of targets.get(id) ?? []) reached.add(target);
  }
  return reached;
}
