/** A way from one thing to another. */
export interface Way<Id> {
  readonly from: Id;
  readonly to: Id;
}

/** All that a way leads to from one of the ends; itself only if a way leads back. */
export function reachable<Id>(ways: readonly Way<Id>[], from: Id): ReadonlySet<Id> {
  const targets = new Map<Id, Id[]>();
  for (const way of ways) {
    const list = targets.get(way.from);
    if (list === undefined) targets.set(way.from, [way.to]);
    else list.push(way.to);
  }
  const reached = new Set(targets.get(from));
  for (const id of reached) {
    for (const target of targets.get(id) ?? []) reached.add(target);
  }
  return reached;
}
