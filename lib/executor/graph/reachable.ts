/** A directed link between two vertices. */
export interface Link<Id> {
  readonly from: Id;
  readonly to: Id;
}

/**
 * All vertices that can be reached from a vertex along the links. The result contains the vertex itself only if it is
 * on a cycle.
 */
export function reachable<Id>(links: readonly Link<Id>[], from: Id): ReadonlySet<Id> {
  const targets = new Map<Id, Id[]>();
  for (const link of links) {
    const list = targets.get(link.from);
    if (list === undefined) targets.set(link.from, [link.to]);
    else list.push(link.to);
  }
  const reached = new Set(targets.get(from));
  for (const id of reached) {
    for (const target of targets.get(id) ?? []) reached.add(target);
  }
  return reached;
}
