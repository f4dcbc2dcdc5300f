import { type HubStore, type Performer, permanent } from './hub-store.js';
import { packGroup } from './packed-group.js';
import { type Pusher, withoutLiveValues } from './pusher.js';

/** Maximum number of pushers that are packed per push or scrape, in about 5 ms. */
const PACKED_AT_A_TIME = 100;

/**
 * Finds expired pushers: those without a push for too long.
 *
 * Their gauges are dropped. Their other values are packed and kept, because the next push is counted relative to them.
 */
export class ExpiredPushers {
  /** Expired pushers that are not packed yet. */
  readonly #unpacked = new Set<Pusher>();
  /**
   * Names of metrics without totals, such as gauges, that expired pushers had. A later change removes those that no
   * live pusher has.
   */
  readonly #abandonedMetrics = new Set<string>();
  /** No pusher expires before this time. */
  #next = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: HubStore,
    private readonly expireMilliseconds: number,
  ) {}

  /** Expires and packs pushers. `now` is in milliseconds of the hub's clock. */
  expire(now: number): void {
    if (now >= this.#next) this.#find(now);
    let packed = 0;
    for (const group of this.#unpacked) {
      if (packed === PACKED_AT_A_TIME) break;
      this.#unpacked.delete(group);
      if (this.#pack(group)) packed += 1;
    }
  }

  /**
   * Returns the names of metrics that may have no pusher any more, and clears the list as part of a change. Undoing the
   * change restores the list.
   */
  takeAbandonedMetrics(performer: Performer): readonly string[] {
    const names = [...this.#abandonedMetrics];
    const restore = (): void => {
      for (const name of names) this.#abandonedMetrics.add(name);
    };
    const clear = (): void => {
      for (const name of names) this.#abandonedMetrics.delete(name);
    };
    if (names.length > 0) performer.perform(clear, restore);
    return names;
  }

  /** Makes the next {@link expire} look at all pushers if the change is undone, because a pusher may then expire earlier. */
  findAgainAfterUndo(performer: Performer): void {
    const findAgain = (): void => {
      this.#next = Number.NEGATIVE_INFINITY;
    };
    performer.perform(() => {}, findAgain);
  }

  #find(now: number): void {
    let next = Number.POSITIVE_INFINITY;
    for (const group of this.store.groups.values()) {
      if (!group.isLive) continue;
      const expiry = group.times.pushedAt + this.expireMilliseconds;
      if (now > expiry && group.pendingChanges === 0) this.#expirePusher(group);
      else next = Math.min(next, expiry);
    }
    // A pusher that pushes from now on expires after `expireMilliseconds` at the earliest.
    this.#next = Math.min(next, now + this.expireMilliseconds);
  }

  #expirePusher(group: Pusher): void {
    const { store } = this;
    for (const [name, last] of [...group.families]) {
      store.setLast(group, name, { last: withoutLiveValues(name, last), performer: permanent });
      // Don't remove the metric now, because changes that are not on disk yet may need it. A later change removes it.
      if (store.families.get(name)?.totals.size === 0) this.#abandonedMetrics.add(name);
    }
    store.setLive(group, false, permanent);
    if (group.size === 0) store.setGroup(group.grouping.key, undefined, permanent);
    else this.#unpacked.add(group);
  }

  #pack(group: Pusher): boolean {
    const { key } = group.grouping;
    if (group.isLive || group.pendingChanges > 0 || this.store.groups.get(key) !== group) return false;
    const packed = packGroup(group);
    if (packed === undefined) return false;
    this.store.setGroup(key, undefined, permanent);
    this.store.setPacked(key, packed, permanent);
    return true;
  }
}
