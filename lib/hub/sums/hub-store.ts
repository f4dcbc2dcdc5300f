import { type FamilyShape, sampleNames } from '../pushes/pushed-family.js';
import { type LastValues, type Pusher, type PushTimes, patchSeries, type SeriesPatch } from './pusher.js';
import { familyBytes, groupBytes, nativeBytes, totalBytes } from './series-bytes.js';
import type { StateChange } from './state-change.js';
import type { StoredFamily, Total } from './stored-family.js';

/** Runs an action. `StateChange` also records how to undo it. */
export type Performer = Pick<StateChange, 'perform'>;

/** Performs actions that are never undone. */
export const permanent: Performer = { perform: (action) => action() };

/** The data of a hub, and its size. Each method changes one entry, in time independent of the number of entries. */
export class HubStore {
  readonly #families = new Map<string, StoredFamily>();
  readonly #owners = new Map<string, StoredFamily>();
  readonly #groups = new Map<string, Pusher>();
  readonly #packed = new Map<string, Buffer>();
  readonly #livePushers = new Map<string, number>();
  #series = 0;
  #bytes = 0;

  /** Metrics by name. */
  get families(): ReadonlyMap<string, StoredFamily> {
    return this.#families;
  }

  /** Pushers by key, except packed ones. */
  get groups(): ReadonlyMap<string, Pusher> {
    return this.#groups;
  }

  /** Packed expired pushers by key. */
  get packed(): ReadonlyMap<string, Buffer> {
    return this.#packed;
  }

  /** The number of series: totals, and the last values of each pusher. Packed pushers don't count. */
  get series(): number {
    return this.#series;
  }

  /** Bytes of names, labels, help texts and numbers. Names and labels count once per line of a scrape. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The metric that has samples with this name. */
  ownerOf(sampleName: string): StoredFamily | undefined {
    return this.#owners.get(sampleName);
  }

  /** The number of live pushers that have a metric. */
  livePushersOf(name: string): number {
    return this.#livePushers.get(name) ?? 0;
  }

  /** Adds or replaces a metric. Removes it if `family` is `undefined`. */
  setFamily(name: string, family: StoredFamily | undefined, performer: Performer): void {
    const before = this.#families.get(name);
    performer.perform(
      () => this.#replaceFamily(name, before, family),
      () => this.#replaceFamily(name, family, before),
    );
  }

  /** Removes a metric if it has no totals and no live pusher. Returns whether it was removed. */
  removeIfUnused(name: string, performer: Performer): boolean {
    const family = this.#families.get(name);
    if (family === undefined || family.totals.size > 0 || this.livePushersOf(name) > 0) return false;
    this.setFamily(name, undefined, performer);
    return true;
  }

  setTotals(family: StoredFamily, totals: readonly (readonly [string, Total])[], performer: Performer): void {
    const before = totals.map(([key]) => [key, family.totals.get(key)] as const);
    performer.perform(
      () => this.#writeTotals(family, totals),
      () => this.#writeTotals(family, before),
    );
  }

  /** Adds a pusher, or removes it with its metrics if `group` is `undefined`. */
  setGroup(key: string, group: Pusher | undefined, performer: Performer): void {
    const before = this.#groups.get(key);
    performer.perform(
      () => this.#replaceGroup(key, before, group),
      () => this.#replaceGroup(key, group, before),
    );
  }

  setPacked(key: string, packed: Buffer | undefined, performer: Performer): void {
    const before = this.#packed.get(key);
    performer.perform(
      () => this.#replacePacked(key, before, packed),
      () => this.#replacePacked(key, packed, before),
    );
  }

  /** Replaces the last values of a metric of a pusher. */
  setLast(group: Pusher, name: string, { last, performer }: { last: LastValues | undefined; performer: Performer }) {
    const before = group.families.get(name);
    if (before === last) return;
    performer.perform(
      () => this.#replaceLast(group, name, { before, after: last }),
      () => this.#replaceLast(group, name, { before: last, after: before }),
    );
  }

  /** Replaces some series of a metric of a pusher, in time proportional to these series. */
  patchLast(group: Pusher, name: string, { patch, performer }: { patch: SeriesPatch; performer: Performer }): void {
    const last = group.families.get(name);
    if (last === undefined || patch.length === 0) return;
    const before = patch.map(([key]) => [key, last.series.get(key)] as const);
    performer.perform(
      () => this.#patchLast(group, name, { last, patch }),
      () => this.#patchLast(group, name, { last, patch: before }),
    );
  }

  setTimes(group: Pusher, times: PushTimes, performer: Performer): void {
    const before = group.times;
    performer.perform(
      () => {
        group.times = times;
      },
      () => {
        group.times = before;
      },
    );
  }

  setAgreeingPushers(family: StoredFamily, count: number, performer: Performer): void {
    const before = family.agreeingPushers;
    performer.perform(
      () => {
        family.agreeingPushers = count;
      },
      () => {
        family.agreeingPushers = before;
      },
    );
  }

  setLive(group: Pusher, isLive: boolean, performer: Performer): void {
    if (group.isLive === isLive) return;
    const set = (live: boolean) => (): void => {
      group.isLive = live;
      for (const name of group.families.keys()) this.#countLivePusher(name, live ? 1 : -1);
    };
    performer.perform(set(isLive), set(!isLive));
  }

  #replaceFamily(name: string, before: StoredFamily | undefined, after: StoredFamily | undefined): void {
    if (before !== undefined) this.#countFamily(before, -1);
    if (after === undefined) this.#families.delete(name);
    else {
      this.#families.set(name, after);
      this.#countFamily(after, 1);
    }
  }

  #countFamily(family: StoredFamily, sign: 1 | -1): void {
    this.#bytes += sign * familyBytes(family);
    this.#series += sign * family.totals.size;
    for (const total of family.totals.values()) this.#bytes += sign * totalBytes(family, total);
    for (const name of sampleNames(family as FamilyShape)) {
      if (sign === 1) this.#owners.set(name, family);
      else if (this.#owners.get(name) === family) this.#owners.delete(name);
    }
  }

  #writeTotals(family: StoredFamily, totals: readonly (readonly [string, Total | undefined])[]): void {
    for (const [key, total] of totals) {
      const before = family.totals.get(key);
      if (before !== undefined && total !== undefined) {
        family.totals.set(key, total);
        // Only the number of native buckets can differ between two values of the same series.
        this.#bytes += nativeBytes(total.native) - nativeBytes(before.native);
      } else if (total !== undefined) {
        family.totals.set(key, total);
        this.#series += 1;
        this.#bytes += totalBytes(family, total);
      } else if (before !== undefined) {
        family.totals.delete(key);
        this.#series -= 1;
        this.#bytes -= totalBytes(family, before);
      }
    }
  }

  #replaceGroup(key: string, before: Pusher | undefined, after: Pusher | undefined): void {
    if (before !== undefined) this.#countGroup(before, -1);
    if (after === undefined) this.#groups.delete(key);
    else {
      this.#groups.set(key, after);
      this.#countGroup(after, 1);
    }
  }

  #countGroup({ grouping, families, isLive, size }: Pusher, sign: 1 | -1): void {
    this.#bytes += sign * groupBytes(grouping.key);
    this.#series += sign * size;
    for (const [name, { bytes }] of families) {
      this.#bytes += sign * bytes;
      if (isLive) this.#countLivePusher(name, sign);
    }
  }

  #replacePacked(key: string, before: Buffer | undefined, after: Buffer | undefined): void {
    if (before !== undefined) this.#bytes -= before.length + groupBytes(key);
    if (after === undefined) this.#packed.delete(key);
    else {
      this.#packed.set(key, after);
      this.#bytes += after.length + groupBytes(key);
    }
  }

  #replaceLast(
    group: Pusher,
    name: string,
    { before, after }: { readonly before: LastValues | undefined; readonly after: LastValues | undefined },
  ): void {
    const grown = (after?.series.size ?? 0) - (before?.series.size ?? 0);
    group.size += grown;
    this.#series += grown;
    this.#bytes += (after?.bytes ?? 0) - (before?.bytes ?? 0);
    if (after === undefined) group.families.delete(name);
    else group.families.set(name, after);
    if (group.isLive) this.#countLivePusher(name, Number(after !== undefined) - Number(before !== undefined));
  }

  #patchLast(group: Pusher, name: string, { last, patch }: { last: LastValues; patch: SeriesPatch }): void {
    const { size } = last.series;
    const { bytes } = last;
    patchSeries(name, last, patch);
    group.size += last.series.size - size;
    this.#series += last.series.size - size;
    this.#bytes += last.bytes - bytes;
  }

  #countLivePusher(name: string, change: number): void {
    const livePushers = this.livePushersOf(name) + change;
    if (livePushers === 0) this.#livePushers.delete(name);
    else this.#livePushers.set(name, livePushers);
  }
}
