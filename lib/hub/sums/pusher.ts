import type { Grouping } from '../pushes/grouping-key.js';
import type { TextType } from '../pushes/parse-text.js';
import { accumulates, type PushedSeries } from '../pushes/pushed-family.js';
import { isSameNative } from './native-totals.js';
import { seriesBytes } from './series-bytes.js';

/** The last values of one metric of a pusher. Only `HubStore` changes them. */
export interface LastValues {
  readonly type: TextType;
  readonly bounds: readonly number[];
  /** The series by key. */
  readonly series: ReadonlyMap<string, PushedSeries>;
  /** The bytes that count toward the limit of bytes. */
  readonly bytes: number;
}

/** New values of some series by key. `undefined` removes a series. */
export type SeriesPatch = readonly (readonly [key: string, series: PushedSeries | undefined])[];

/** The time of the last push, and the start time of the pusher's process. */
export interface PushTimes {
  /** Milliseconds of the hub's monotonic clock. */
  readonly pushedAt: number;
  /** Unix milliseconds. */
  readonly pushedWall: number;
  /** Unix seconds, if the pusher sends it. */
  readonly processStart: number | undefined;
}

/** One pusher: the last values of all its metrics. The next push is counted relative to them. */
export class Pusher {
  times: PushTimes = { pushedAt: 0, pushedWall: 0, processStart: undefined };
  /** False after the pusher has expired. It then has no gauges. */
  isLive = true;
  /** The number of its changes that are not on disk yet. */
  pendingChanges = 0;
  /** Metrics by name. Only `HubStore` changes them. */
  readonly families = new Map<string, LastValues>();
  /** The number of series. Only `HubStore` changes it. */
  size = 0;

  constructor(readonly grouping: Grouping) {}
}

/**
 * The changes that a push makes to a metric of its pusher: new, changed and removed series.
 *
 * In a metric that accumulates, a series with a creation time stays even if the push doesn't contain it. If it returns
 * later, its creation time shows whether it has restarted. A series without a creation time is removed, and counts as
 * restarted if it returns.
 */
export function seriesPatch({ type, series }: LastValues, pushed: ReadonlyMap<string, PushedSeries>): SeriesPatch {
  const patch: [string, PushedSeries | undefined][] = [];
  for (const [key, { created }] of series) {
    const stays = accumulates(type) && created !== undefined;
    if (!stays && !pushed.has(key)) patch.push([key, undefined]);
  }
  for (const [key, one] of pushed) {
    const before = series.get(key);
    if (before === undefined || !isSame(before, one)) patch.push([key, one]);
  }
  return patch;
}

/** Removes gauges and quantiles from a metric of an expired pusher. Returns `undefined` if nothing remains. */
export function withoutLiveValues(name: string, last: LastValues): LastValues | undefined {
  if (!accumulates(last.type)) return undefined;
  if (last.type !== 'summary') return last;
  const series = new Map([...last.series].map(([key, one]) => [key, { ...one, quantiles: new Map() }]));
  return lastValues(name, { ...last, series });
}

/** Replaces some series of a metric in place, in time proportional to the patch. */
export function patchSeries(name: string, last: LastValues, patch: SeriesPatch): void {
  const { type } = last;
  const series = last.series as Map<string, PushedSeries>;
  let { bytes } = last;
  for (const [key, one] of patch) {
    const before = series.get(key);
    if (before !== undefined) bytes -= seriesBytes({ name, type }, before);
    if (one === undefined) series.delete(key);
    else {
      series.set(key, one);
      bytes += seriesBytes({ name, type }, one);
    }
  }
  (last as { bytes: number }).bytes = bytes;
}

/** Creates the stored last values of a metric, and computes their size in bytes. */
export function lastValues(name: string, { type, bounds, series }: Omit<LastValues, 'bytes'>): LastValues {
  let bytes = 0;
  for (const one of series.values()) bytes += seriesBytes({ name, type }, one);
  return { type, bounds, series, bytes };
}

function isSame(one: PushedSeries, other: PushedSeries): boolean {
  if (one.labelText !== other.labelText || one.created !== other.created) return false;
  if (one.numbers.length !== other.numbers.length || one.quantiles.size !== other.quantiles.size) return false;
  for (const [quantile, value] of one.quantiles) {
    if (!other.quantiles.has(quantile) || !Object.is(other.quantiles.get(quantile), value)) return false;
  }
  if (!isSameNative(one.native, other.native)) return false;
  return one.numbers.every((number, index) => Object.is(number, other.numbers[index]));
}
