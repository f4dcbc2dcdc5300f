import type { Grouping } from '../pushes/grouping-key.js';
import { PushRefused } from '../pushes/push-refused.js';
import { accumulates, type FamilyShape, type PushedFamily } from '../pushes/pushed-family.js';
import { sameNumbers } from '../pushes/read-push.js';
import { type AgreementContext, agreementOf, shapesByName } from './agreement.js';
import { completeFamily } from './complete-family.js';
import { ExpiredPushers } from './expired-pushers.js';
import { HubStore } from './hub-store.js';
import { unpackGroup } from './packed-group.js';
import { type LastValues, lastValues, Pusher, seriesPatch } from './pusher.js';
import { StateChange } from './state-change.js';
import { MAX_AGREEING_PUSHERS, StoredFamily } from './stored-family.js';

/** Limits of a hub. */
export interface HubLimits {
  /** Milliseconds without a push after which the gauges of a pusher are dropped. */
  readonly expireMilliseconds: number;
  /** Maximum number of pushers. Packed pushers don't count. */
  readonly maxGroups: number;
  /** Maximum number of series: totals, and the last values of each pusher. */
  readonly maxSeries: number;
  /** Maximum bytes of names, labels, help texts, numbers and packed pushers. */
  readonly maxBytes: number;
}

/** A parsed push. */
export interface Push {
  readonly grouping: Grouping;
  readonly families: readonly PushedFamily[];
  /** Whether the push replaces all metrics of its pusher (PUT), or only the metrics in it (POST). */
  readonly replaces: 'group' | 'families';
  /** Milliseconds of the hub's monotonic clock. */
  readonly now: number;
  /** Unix milliseconds. */
  readonly wall: number;
}

/** The result of a push. */
export interface Pushed {
  readonly change: StateChange;
  /** Rejected metrics, with the reasons. */
  readonly refused: readonly { readonly family: PushedFamily; readonly problem: string }[];
  /** The stored metrics that conflicted with pushed metrics and were removed. Their totals are dropped. */
  readonly replaced: readonly StoredFamily[];
}

const PROCESS_START = 'process_start_time_seconds';

/** Applies pushes to the data of a hub. A push creates steps only for changed series. */
export class HubState {
  readonly store = new HubStore();
  readonly #limits: HubLimits;
  readonly #own: () => Iterable<FamilyShape>;
  readonly #expiredPushers: ExpiredPushers;

  /** @param own Returns the metrics of the hub's own process, which pushes must match. */
  constructor(limits: HubLimits, own: () => Iterable<FamilyShape> = () => []) {
    this.#limits = limits;
    this.#own = own;
    this.#expiredPushers = new ExpiredPushers(this.store, limits.expireMilliseconds);
  }

  /**
   * Counts a push, except metrics that conflict with stored metrics.
   *
   * @throws {PushRefused} with status 507 if a limit is reached. The push then changes nothing.
   */
  push(push: Push): Pushed {
    const { grouping, now } = push;
    this.expire(now);
    const own = shapesByName(this.#own());
    const context = { store: this.store, own, key: grouping.key, group: this.store.groups.get(grouping.key) };
    const { families, replaced, refused } = this.#checkAgreement(push.families, context);
    const change = new StateChange();
    if (families.length === 0 && refused.length > 0) return { change, refused, replaced: [] };
    const before = { groups: this.store.groups.size, series: this.store.series, bytes: this.store.bytes };
    for (const family of replaced) {
      this.store.setFamily(family.name, undefined, change);
      change.steps.push({ step: 'forget', name: family.name });
    }
    this.#apply({ ...push, families }, new Set(refused.map(({ family }) => family.name)), change);
    const problem = this.#exceededLimit(before);
    if (problem !== undefined) {
      change.undo();
      change.end();
      throw new PushRefused(507, problem);
    }
    return { change, refused, replaced: [...replaced] };
  }

  /** Removes a pusher. Its totals stay, its gauges are removed, and its next push counts from zero. */
  delete(grouping: Grouping): StateChange {
    const change = new StateChange();
    const group = this.store.groups.get(grouping.key);
    if (group !== undefined) {
      this.#track(group, change);
      this.store.setGroup(grouping.key, undefined, change);
      for (const name of group.families.keys()) this.#removeIfUnused(name, change);
    }
    if (this.store.packed.has(grouping.key)) this.store.setPacked(grouping.key, undefined, change);
    change.steps.push({ step: 'end', grouping });
    return change;
  }

  /** Drops the gauges of expired pushers, and packs up to 100 of these pushers per call. */
  expire(now: number): void {
    this.#expiredPushers.expire(now);
  }

  #checkAgreement(families: readonly PushedFamily[], context: AgreementContext) {
    const agreed: PushedFamily[] = [];
    const replaced = new Set<StoredFamily>();
    const refused: { readonly family: PushedFamily; readonly problem: string }[] = [];
    for (const family of families) {
      const agreement = agreementOf(family, context);
      if ('problem' in agreement) refused.push({ family, problem: agreement.problem });
      else {
        agreed.push(family);
        for (const one of agreement.replaces) replaced.add(one);
      }
    }
    return { families: agreed, replaced, refused };
  }

  #apply({ grouping, families, replaces, now, wall }: Push, refused: ReadonlySet<string>, change: StateChange): void {
    const wasLive = this.store.groups.get(grouping.key)?.isLive === true;
    const group = this.#groupFor(grouping, change);
    const { processStart } = group.times;
    const started = families.find(({ name }) => name === PROCESS_START)?.series.get('')?.numbers[0];
    const times = { pushedAt: now, pushedWall: wall, processStart: started ?? processStart };
    this.store.setTimes(group, times, change);
    this.#expiredPushers.findAgainAfterUndo(change);
    this.store.setLive(group, true, change);
    // The file may lack this pusher, or contain gauges that have expired. So first remove the pusher from the file.
    if (!wasLive) change.steps.push({ step: 'end', grouping });
    change.steps.push({ step: 'group', grouping, times });
    if (!wasLive) for (const [name, last] of group.families) change.steps.push({ step: 'kept', name, last });
    // Some clients recompute the start time for each push, with a rounding error.
    const hasRestarted = started !== undefined && processStart !== undefined && Math.abs(started - processStart) > 1;
    const pushedNames = new Set(families.map(({ name }) => name));
    const dropped: string[] = [];
    for (const [name, last] of hasRestarted || replaces === 'group' ? [...group.families] : []) {
      if (hasRestarted) this.#setLast(group, name, { last: undefined, change });
      else if (replaces === 'group' && !pushedNames.has(name) && !(refused.has(name) && accumulates(last.type))) {
        this.#patchLast(group, name, { last, series: new Map(), change });
      } else continue;
      dropped.push(name);
    }
    for (const family of families) this.#count(family, group, { change, wall });
    for (const name of dropped) this.#removeIfUnused(name, change);
    for (const name of this.#expiredPushers.takeAbandonedMetrics(change)) this.#removeIfUnused(name, change);
  }

  /** Returns the group of a pusher. Creates the group of a new pusher, and unpacks the group of a packed pusher. */
  #groupFor(grouping: Grouping, change: StateChange): Pusher {
    const { store } = this;
    const known = store.groups.get(grouping.key);
    const packed = store.packed.get(grouping.key);
    if (packed !== undefined) store.setPacked(grouping.key, undefined, change);
    const group = known ?? (packed === undefined ? new Pusher(grouping) : unpackGroup(packed));
    if (known === undefined) store.setGroup(grouping.key, group, change);
    this.#track(group, change);
    return group;
  }

  #track(group: Pusher, change: StateChange): void {
    change.groups.push(group);
    group.pendingChanges += 1;
  }

  #count(stated: PushedFamily, group: Pusher, { change, wall }: { change: StateChange; wall: number }): void {
    const { store } = this;
    const { name, type, bounds } = stated;
    const before = group.families.get(name);
    // Numbers with another type or other buckets can't be compared.
    const last = before?.type === type && sameNumbers(before.bounds, bounds) ? before : undefined;
    const family = completeFamily(stated, last?.series);
    const stored = this.#storeFamily(family, { isNew: last === undefined, change });
    if (stored.accumulates) {
      const totals = stored.advancedTotals(family.series, { last: last?.series, nowSeconds: wall / 1000 });
      if (totals.length > 0) {
        store.setTotals(stored, totals, change);
        change.steps.push({ step: 'totals', name, totals });
      }
    }
    const { series } = family;
    if (last !== undefined && series.size > 0) this.#patchLast(group, stored.name, { last, series, change });
    else this.#setLast(group, stored.name, { last: lastValues(name, { type, bounds: stored.bounds, series }), change });
  }

  #setLast(group: Pusher, name: string, { last, change }: { last: LastValues | undefined; change: StateChange }) {
    this.store.setLast(group, name, { last, performer: change });
    change.steps.push(last === undefined ? { step: 'dropped', name } : { step: 'kept', name, last });
  }

  #patchLast(
    group: Pusher,
    name: string,
    { last, series, change }: Pick<PushedFamily, 'series'> & { last: LastValues; change: StateChange },
  ): void {
    const patch = seriesPatch(last, series);
    if (patch.length === 0 && last.series.size > 0) return;
    if (series.size === 0 && patch.length === last.series.size) {
      this.#setLast(group, name, { last: undefined, change });
      return;
    }
    this.store.patchLast(group, name, { patch, performer: change });
    change.steps.push({ step: 'patched', name, last, patch });
  }

  #removeIfUnused(name: string, change: StateChange): void {
    if (this.store.removeIfUnused(name, change)) change.steps.push({ step: 'forget', name });
  }

  #storeFamily(family: PushedFamily, { isNew, change }: { isNew: boolean; change: StateChange }): StoredFamily {
    const known = this.store.families.get(family.name);
    if (known !== undefined) {
      known.rejectedPushers.clear();
      if (isNew && known.agreeingPushers < MAX_AGREEING_PUSHERS) {
        this.store.setAgreeingPushers(known, known.agreeingPushers + 1, change);
        change.steps.push({ step: 'agreed', name: known.name, pushers: known.agreeingPushers });
      }
      return known;
    }
    const created = new StoredFamily({ ...family, agreeingPushers: 1 });
    this.store.setFamily(created.name, created, change);
    change.steps.push({ step: 'family', family: created });
    return created;
  }

  /** The exceeded limit; `undefined` if there is none, or if the push does not increase the usage. */
  #exceededLimit(before: {
    readonly groups: number;
    readonly series: number;
    readonly bytes: number;
  }): string | undefined {
    const { maxGroups, maxSeries, maxBytes } = this.#limits;
    const { groups, series, bytes } = this.store;
    if (groups.size > maxGroups && groups.size > before.groups) {
      return `the limit of ${maxGroups} pushers is reached; DELETE ended pushers, or wait until they expire.`;
    }
    if (series > maxSeries && series > before.series) {
      return `the hub would have ${series} series; it stores at most ${maxSeries}. Push fewer label values.`;
    }
    if (bytes > maxBytes && bytes > before.bytes) {
      return `names, labels, help texts and numbers would take ${bytes} bytes; the hub stores at most ${maxBytes}. Push fewer or shorter label values, DELETE ended pushers, or raise --max-state-size.`;
    }
    return undefined;
  }
}
