import { forGood, type HubStore, type Performer } from './hub-store.js';
import { packGroup } from './packed-group.js';
import { type PushGroup, withoutLive } from './push-group.js';

/** Pushers that are packed at a push or a scrape, at most: about 5 ms. */
const PACKED_AT_A_TIME = 100;

/**
 * Finds pushers that have been silent for too long.
 *
 * Their gauges are dropped. The rest is packed and stays: it is the base from which their next push is counted.
 */
export class SilentGroups {
  /** Pushers that are silent and not packed yet. */
  readonly #unpacked = new Set<PushGroup>();
  /** Metrics that a silent pusher had, and perhaps nobody has any more. */
  readonly #left = new Set<string>();
  /** No pusher becomes silent before this time. */
  #next = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: HubStore,
    private readonly expireMilliseconds: number,
  ) {}

  /** `now` is in milliseconds of the hub's clock. */
  expire(now: number): void {
    if (now >= this.#next) this.#find(now);
    let packed = 0;
    for (const group of this.#unpacked) {
      if (packed === PACKED_AT_A_TIME) break;
      this.#unpacked.delete(group);
      if (this.#pack(group)) packed += 1;
    }
  }

  /** Takes the metrics that silent pushers had, as a part of a change: they return if it is taken back. */
  takeLeft(performer: Performer): readonly string[] {
    const names = [...this.#left];
    const restore = (): void => {
      for (const name of names) this.#left.add(name);
    };
    const clear = (): void => {
      for (const name of names) this.#left.delete(name);
    };
    if (names.length > 0) performer.perform(clear, restore);
    return names;
  }

  #find(now: number): void {
    let next = Number.POSITIVE_INFINITY;
    for (const group of this.store.groups.values()) {
      if (!group.isLive) continue;
      const expiry = group.times.pushedAt + this.expireMilliseconds;
      if (now > expiry && group.pendingChanges === 0) this.#silence(group);
      else next = Math.min(next, expiry);
    }
    // A pusher that pushes from now on expires later.
    this.#next = Math.min(next, now + this.expireMilliseconds);
  }

  #silence(group: PushGroup): void {
    const { store } = this;
    for (const [name, last] of [...group.families]) {
      store.setLast(group, name, { last: withoutLive(name, last), performer: forGood });
      // Changes that are not on disk yet may need the metric. So only a later change removes it.
      if (store.families.get(name)?.totals.size === 0) this.#left.add(name);
    }
    store.setLive(group, false, forGood);
    if (group.size === 0) store.setGroup(group.grouping.key, undefined, forGood);
    else this.#unpacked.add(group);
  }

  #pack(group: PushGroup): boolean {
    const { key } = group.grouping;
    if (group.isLive || group.pendingChanges > 0 || this.store.groups.get(key) !== group) return false;
    const packed = packGroup(group);
    if (packed === undefined) return false;
    this.store.setGroup(key, undefined, forGood);
    this.store.setDormant(key, packed, forGood);
    return true;
  }
}
