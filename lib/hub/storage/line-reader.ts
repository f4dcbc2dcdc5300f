import { type Label, labelSet } from '../pushes/label-set.js';
import type { PushedSeries } from '../pushes/pushed-family.js';
import { type HubStore, permanent } from '../sums/hub-store.js';
import { unpackGroup } from '../sums/packed-group.js';
import { type LastValues, lastValues, Pusher } from '../sums/pusher.js';
import { StoredFamily, type Total } from '../sums/stored-family.js';
import { readNative } from '../sums/written-native.js';
import type { ClockStamp } from './hub-clock.js';
import type { Line, WrittenSeries, WrittenTotal } from './state-lines.js';
import { fromWrittenNumber } from './written-number.js';

/** Applies the lines of a file to a store. */
export class LineReader {
  #group: Pusher | undefined;
  /** The clocks at the creation of the file; `undefined` until their line was read. */
  created: ClockStamp | undefined;
  /** The time of the latest push. */
  latest: Pick<ClockStamp, 'clock' | 'wall'> | undefined;

  constructor(private readonly store: HubStore) {}

  /**
   * Applies one line.
   *
   * @throws {Error} if the line is not valid.
   */
  read(text: string): void {
    const { store } = this;
    const line = JSON.parse(text) as Line;
    if ('clock' in line) this.created = line;
    else if ('family' in line)
      store.setFamily(
        line.family,
        new StoredFamily({ ...line, name: line.family, agreeingPushers: line.agreed }),
        permanent,
      );
    else if ('forget' in line) store.setFamily(line.forget, undefined, permanent);
    else if ('pushers' in line) this.#agree(line.agreed, line.pushers);
    else if ('totals' in line) this.#readTotals(line.totals, line.of);
    else if ('group' in line) this.#readGroup(line);
    else if ('kept' in line) this.#readKept(line);
    else if ('dropped' in line) this.#setLast(line.dropped, undefined);
    else if ('end' in line) this.#end(line.end);
    else if ('dormant' in line) {
      store.setGroup(line.dormant, undefined, permanent);
      store.setPacked(line.dormant, Buffer.from(line.packed, 'base64'), permanent);
    } else throw new Error(`unknown line ${text.slice(0, 80)}`);
  }

  /** Removes metrics that have no totals and no live pusher. Call it after the last line. */
  finish(): void {
    for (const name of [...this.store.families.keys()]) this.store.removeIfUnused(name, permanent);
  }

  #agree(name: string, pushers: number): void {
    const family = this.store.families.get(name);
    if (family !== undefined) this.store.setAgreeingPushers(family, pushers, permanent);
  }

  #readTotals(name: string, lines: readonly WrittenTotal[]): void {
    const family = this.store.families.get(name);
    if (family === undefined) return;
    const totals = lines.map(([labelText, createdSeconds, sums, key, native]): [string, Total] => [
      key ?? labelText,
      { labelText, createdSeconds, sums, ...(native && { native: readNative(native) }) },
    ]);
    this.store.setTotals(family, totals, permanent);
  }

  #readGroup({ group: labels, at, wall, start }: Extract<Line, { group: unknown }>): void {
    const { key } = labelSet(labels);
    const packed = this.store.packed.get(key);
    const known = this.store.groups.get(key);
    this.#group = known ?? (packed === undefined ? new Pusher({ labels, key }) : unpackGroup(packed));
    if (packed !== undefined) this.store.setPacked(key, undefined, permanent);
    if (known === undefined) this.store.setGroup(key, this.#group, permanent);
    this.store.setLive(this.#group, true, permanent);
    this.store.setTimes(this.#group, { pushedAt: at, pushedWall: wall, processStart: start ?? undefined }, permanent);
    if (at > (this.latest?.clock ?? Number.NEGATIVE_INFINITY)) this.latest = { clock: at, wall };
  }

  #readKept({ kept: name, type, bounds, of, more, gone = [] }: Extract<Line, { kept: string }>): void {
    const read = of.map(readSeries).map((one) => [one.key, one] as const);
    if (more === true && this.#group?.families.has(name) === true) {
      const patch = [...read, ...gone.map((key) => [key, undefined] as const)];
      this.store.patchLast(this.#group, name, { patch, performer: permanent });
    } else this.#setLast(name, lastValues(name, { type, bounds, series: new Map(read) }));
  }

  #setLast(name: string, last: LastValues | undefined): void {
    if (this.#group !== undefined) this.store.setLast(this.#group, name, { last, performer: permanent });
  }

  #end(labels: readonly Label[]): void {
    const { key } = labelSet(labels);
    this.store.setGroup(key, undefined, permanent);
    this.store.setPacked(key, undefined, permanent);
    this.#group = undefined;
  }
}

const noQuantiles: ReadonlyMap<number, number> = new Map();

function readSeries([labelText, numbers, created, pairs, key, native]: WrittenSeries): PushedSeries {
  const quantiles = pairs?.map(([quantile, value]) => [fromWrittenNumber(quantile), fromWrittenNumber(value)] as const);
  return {
    key: key ?? labelText,
    labelText,
    numbers: numbers.map(fromWrittenNumber),
    created: created ?? undefined,
    quantiles: quantiles === undefined ? noQuantiles : new Map(quantiles),
    ...(native && { native: readNative(native) }),
  };
}
