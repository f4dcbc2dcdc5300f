import type { Grouping } from '../pushes/grouping-key.js';
import { PushRefused } from '../pushes/push-refused.js';
import { accumulates, type FamilyShape, type PushedFamily } from '../pushes/pushed-family.js';
import { requireAgreement } from './agreement.js';
import { completeNumbers } from './complete-numbers.js';
import { HeldFamily } from './held-family.js';
import { PushGroup } from './push-group.js';

/** How much a hub holds, and for how long. */
export interface HubLimits {
  /** Milliseconds of silence after which a pusher's gauges are dropped. */
  readonly expireMilliseconds: number;
  /** Pushers remembered at a time. */
  readonly maxGroups: number;
  /** Series remembered at a time: totals, and each pusher's last values. */
  readonly maxSeries: number;
}

/** A push that has been read. */
export interface Push {
  readonly grouping: Grouping;
  readonly families: readonly PushedFamily[];
  /** Whether it stands for everything the pusher has (PUT), or for the metrics in it (POST). */
  readonly replaces: 'group' | 'families';
  /** Unix milliseconds. */
  readonly now: number;
}

const PROCESS_START = 'process_start_time_seconds';

/** What a hub holds, in memory. Every change happens as a whole or not at all. */
export class HubState {
  readonly families = new Map<string, HeldFamily>();
  readonly groups = new Map<string, PushGroup>();
  readonly #limits: HubLimits;
  /** How many metrics there may be before those nobody has any more are looked for. */
  #collectAt = 100;
  readonly #own: () => Iterable<FamilyShape>;

  /** `own` tells which metrics the hub's own process has: pushes must agree with those as well. */
  constructor(limits: HubLimits, own: () => Iterable<FamilyShape> = () => []) {
    this.#limits = limits;
    this.#own = own;
  }

  /**
   * Counts a push.
   *
   * @throws {PushRefused} with status 409 when it disagrees with what is held, or 507 when there is no room.
   */
  push({ grouping, families, replaces, now }: Push): void {
    this.expire(now);
    this.#collect();
    const group = this.groups.get(grouping.key) ?? new PushGroup(grouping);
    const given = new Set(families.map(({ name }) => name));
    const dropped = replaces === 'group' ? [...group.families.keys()].filter((name) => !given.has(name)) : [];
    const replaced = new Set([...given, ...dropped]);
    requireAgreement(families, {
      held: this.families.values(),
      own: this.#own(),
      stays: (name) => this.#stays(name, group, replaced),
    });
    this.#makeRoom(families, group, { replaced, now });

    group.pushedAt = now;
    group.expired = false;
    group.written = undefined;
    this.groups.set(grouping.key, group);
    for (const name of dropped) group.drop(name, accumulates(this.families.get(name)?.type ?? 'gauge'));
    this.#noticeRestart(families, group);
    for (const stated of families) {
      // Nothing of what it was under another type can be compared.
      if (this.families.get(stated.name)?.type !== stated.type) group.drop(stated.name, false);
      const last = group.families.get(stated.name);
      const family = completeNumbers(stated, last);
      const held = this.#hold(family);
      if (accumulates(family.type)) {
        for (const [key, series] of family.series) held.advance(series, last?.get(key), now / 1000);
      }
      group.keep(family);
    }
  }

  /** Forgets a pusher: its totals stay, its gauges go, and what it pushes next is counted from zero. */
  delete({ key }: Grouping): void {
    this.groups.delete(key);
  }

  /** Drops the gauges of pushers that have been silent for too long. */
  expire(now: number): void {
    for (const [key, group] of this.groups) {
      if (group.expired || !this.#isSilent(group, now)) continue;
      group.expire((name) => this.families.get(name)?.type ?? 'gauge');
      if (group.size === 0) this.groups.delete(key);
    }
  }

  /** How many series are held. */
  get size(): number {
    let size = 0;
    for (const { totals } of this.families.values()) size += totals.size;
    for (const group of this.groups.values()) size += group.size;
    return size;
  }

  /** Forgets metrics without totals that no pusher has any more. */
  #collect(): void {
    if (this.families.size < this.#collectAt) return;
    const live = new Set([...this.groups.values()].flatMap(({ families }) => [...families.keys()]));
    for (const [name, { totals }] of this.families) {
      if (totals.size === 0 && !live.has(name)) this.families.delete(name);
    }
    this.#collectAt = Math.max(100, 2 * this.families.size);
  }

  #isSilent({ pushedAt }: PushGroup, now: number): boolean {
    return now - pushedAt > this.#limits.expireMilliseconds;
  }

  /** Whether a metric is still held when what a push replaces of its group is gone. */
  #stays(name: string, pushing: PushGroup, replaced: ReadonlySet<string>): boolean {
    if ((this.families.get(name)?.totals.size ?? 0) > 0) return true;
    for (const group of this.groups.values()) {
      if (group.families.has(name) && !(group === pushing && replaced.has(name))) return true;
    }
    return false;
  }

  #hold(family: PushedFamily): HeldFamily {
    const known = this.families.get(family.name);
    if (known?.type === family.type && (known.totals.size > 0 || !accumulates(family.type))) return known;
    const made = new HeldFamily(family);
    this.families.set(family.name, made);
    return made;
  }

  #noticeRestart(families: readonly PushedFamily[], group: PushGroup): void {
    const started = families.find(({ name }) => name === PROCESS_START)?.series.get('')?.numbers[0];
    if (started === undefined) return;
    // Some clients compute it anew each time, give or take a rounding.
    if (group.processStart !== undefined && started > group.processStart + 1) group.clear();
    group.processStart = started;
  }

  /** Makes room for a push, if need be by forgetting the pushers that have been silent the longest. */
  #makeRoom(
    families: readonly PushedFamily[],
    group: PushGroup,
    { replaced, now }: { readonly replaced: ReadonlySet<string>; readonly now: number },
  ): void {
    const { maxGroups, maxSeries } = this.#limits;
    const isNew = !this.groups.has(group.grouping.key);
    const coming = families.reduce((sum, { name, type, series }) => {
      const totals = this.families.get(name)?.totals;
      const fresh = accumulates(type) ? [...series.keys()].filter((key) => !totals?.has(key)).length : 0;
      return sum + series.size + fresh;
    }, 0);
    let groups = this.groups.size + (isNew ? 1 : 0);
    const leaving = [...replaced].reduce((sum, name) => sum + (group.families.get(name)?.size ?? 0), 0);
    let size = this.size - leaving + coming;
    if (groups <= maxGroups && size <= maxSeries) return;
    const silent = [...this.groups.values()]
      .filter((one) => one !== group && this.#isSilent(one, now))
      .sort((a, b) => a.pushedAt - b.pushedAt);
    const forgotten: PushGroup[] = [];
    for (const one of silent) {
      if (groups <= maxGroups && size <= maxSeries) break;
      forgotten.push(one);
      groups -= 1;
      size -= one.size;
    }
    if (groups > maxGroups) {
      throw new PushRefused(
        507,
        `there are ${maxGroups} pushers already; DELETE those that have ended, or let them expire.`,
      );
    }
    if (size > maxSeries) {
      throw new PushRefused(
        507,
        `there would be ${size} series; ${maxSeries} at most are held. Push fewer label values.`,
      );
    }
    for (const one of forgotten) this.groups.delete(one.grouping.key);
  }
}
