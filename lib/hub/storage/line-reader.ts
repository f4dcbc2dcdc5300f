import { type Label, labelSet } from '../pushes/label-set.js';
import type { PushedSeries } from '../pushes/pushed-family.js';
import { HeldFamily, type Total } from '../sums/held-family.js';
import { forGood, type HubStore } from '../sums/hub-store.js';
import { unpackGroup } from '../sums/packed-group.js';
import { type LastPushed, lastPushed, PushGroup } from '../sums/push-group.js';
import type { ClockStamp } from './hub-clock.js';
import type { Line, WrittenSeries, WrittenTotal } from './state-lines.js';
import { numberIn } from './written-number.js';

/** Fills a store from lines. */
export class LineReader {
  #group: PushGroup | undefined;
  /** The clocks when the file was created; undefined in a file of version 1. */
  created: ClockStamp | undefined;
  /** The time of the latest push. */
  latest: Pick<ClockStamp, 'clock' | 'wall'> | undefined;

  constructor(private readonly store: HubStore) {}

  /** @throws {Error} if the line is not one of a hub. */
  read(text: string): void {
    const { store } = this;
    const line = JSON.parse(text) as Line;
    if ('clock' in line) this.created = line;
    else if ('family' in line) store.setFamily(line.family, new HeldFamily({ ...line, name: line.family }), forGood);
    else if ('forget' in line) store.setFamily(line.forget, undefined, forGood);
    else if ('pushers' in line) this.#agree(line.agreed, line.pushers);
    else if ('totals' in line) this.#readTotals(line.totals, line.of);
    else if ('group' in line) this.#readGroup(line);
    else if ('kept' in line) this.#readKept(line);
    else if ('dropped' in line) this.#setLast(line.dropped, undefined);
    else if ('end' in line) this.#end(line.end);
    else if ('dormant' in line) {
      store.setGroup(line.dormant, undefined, forGood);
      store.setDormant(line.dormant, Buffer.from(line.packed, 'base64'), forGood);
    } else throw new Error(`unknown line ${text.slice(0, 80)}`);
  }

  /** Removes metrics without totals that no pusher has. */
  finish(): void {
    for (const name of [...this.store.families.keys()]) this.store.collect(name, forGood);
  }

  #agree(name: string, pushers: number): void {
    const family = this.store.families.get(name);
    if (family !== undefined) this.store.setAgreed(family, pushers, forGood);
  }

  #readTotals(name: string, lines: readonly WrittenTotal[]): void {
    const family = this.store.families.get(name);
    if (family === undefined) return;
    const totals = lines.map(([labelText, createdSeconds, sums, key = labelText]): [string, Total] => [
      key,
      { labelText, createdSeconds, sums },
    ]);
    this.store.setTotals(family, totals, forGood);
  }

  #readGroup({ group: labels, at, wall, start }: Extract<Line, { group: unknown }>): void {
    const { key } = labelSet(labels);
    const packed = this.store.dormant.get(key);
    const known = this.store.groups.get(key);
    this.#group = known ?? (packed === undefined ? new PushGroup({ labels, key }) : unpackGroup(packed));
    if (packed !== undefined) this.store.setDormant(key, undefined, forGood);
    if (known === undefined) this.store.setGroup(key, this.#group, forGood);
    this.store.setLive(this.#group, true, forGood);
    this.store.setTimes(this.#group, { pushedAt: at, pushedWall: wall, processStart: start ?? undefined }, forGood);
    if (at > (this.latest?.clock ?? Number.NEGATIVE_INFINITY)) this.latest = { clock: at, wall };
  }

  #readKept({ kept: name, type, bounds, of, more, gone = [] }: Extract<Line, { kept: string }>): void {
    const read = of.map(readSeries).map((one) => [one.key, one] as const);
    if (more === true && this.#group?.families.has(name) === true) {
      const patch = [...read, ...gone.map((key) => [key, undefined] as const)];
      this.store.patchLast(this.#group, name, { patch, performer: forGood });
    } else this.#setLast(name, lastPushed(name, { type, bounds, series: new Map(read) }));
  }

  #setLast(name: string, last: LastPushed | undefined): void {
    if (this.#group !== undefined) this.store.setLast(this.#group, name, { last, performer: forGood });
  }

  #end(labels: readonly Label[]): void {
    const { key } = labelSet(labels);
    this.store.setGroup(key, undefined, forGood);
    this.store.setDormant(key, undefined, forGood);
    this.#group = undefined;
  }
}

const noQuantiles: ReadonlyMap<number, number> = new Map();

function readSeries([labelText, numbers, created, pairs, key = labelText]: WrittenSeries): PushedSeries {
  const quantiles = pairs?.map(([quantile, value]) => [numberIn(quantile), numberIn(value)] as const);
  return {
    key,
    labelText,
    numbers: numbers.map(numberIn),
    created: created ?? undefined,
    quantiles: quantiles === undefined ? noQuantiles : new Map(quantiles),
  };
}
