import type { Grouping } from '../pushes/grouping-key.js';
import type { TextType } from '../pushes/parse-text.js';
import { accumulates, type PushedSeries } from '../pushes/pushed-family.js';
import { seriesBytes } from './series-bytes.js';

/** One metric as a pusher last pushed it. Changed by `HubStore` only. */
export interface LastPushed {
  readonly type: TextType;
  readonly bounds: readonly number[];
  /** By key. */
  readonly series: ReadonlyMap<string, PushedSeries>;
  /** Its bytes, for the limit of bytes. */
  readonly bytes: number;
}

/** New values of some series by key; undefined removes a series. */
export type SeriesPatch = readonly (readonly [key: string, series: PushedSeries | undefined])[];

/** When a pusher pushed last, and when its process started. */
export interface PushTimes {
  /** Milliseconds of the hub's clock, which never jumps. */
  readonly pushedAt: number;
  /** Unix milliseconds. */
  readonly pushedWall: number;
  /** Unix seconds, if the pusher states it. */
  readonly processStart: number | undefined;
}

/** The last push of one pusher: the base from which its next push is counted. */
export class PushGroup {
  times: PushTimes = { pushedAt: 0, pushedWall: 0, processStart: undefined };
  /** False if it was silent for too long. Then it has no gauges. */
  isLive = true;
  /** Changes of it that are not on disk yet. */
  pendingChanges = 0;
  /** By name. Changed by `HubStore` only. */
  readonly families = new Map<string, LastPushed>();
  /** How many series it has. Changed by `HubStore` only. */
  size = 0;

  constructor(readonly grouping: Grouping) {}
}

/**
 * What a push changes in a metric of its pusher: new and changed series, and series that were left out.
 *
 * In a metric that accumulates, series that state when they were created stay. When such a series returns after it was left
 * out, its creation time shows whether it has restarted. Any other series that was left out has restarted.
 */
export function seriesPatch({ type, series }: LastPushed, pushed: ReadonlyMap<string, PushedSeries>): SeriesPatch {
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

/** A metric of a pusher that has become silent. Gauges and quantiles are dropped. */
export function withoutLive(name: string, last: LastPushed): LastPushed | undefined {
  if (!accumulates(last.type)) return undefined;
  if (last.type !== 'summary') return last;
  const series = new Map([...last.series].map(([key, one]) => [key, { ...one, quantiles: new Map() }]));
  return lastPushed(name, { ...last, series });
}

/** Replaces some series of a metric in place. The cost depends on the patch only. */
export function patchSeries(name: string, last: LastPushed, patch: SeriesPatch): void {
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

/** Adds what the series count against the limit of bytes. */
export function lastPushed(name: string, { type, bounds, series }: Omit<LastPushed, 'bytes'>): LastPushed {
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
  return one.numbers.every((number, index) => Object.is(number, other.numbers[index]));
}
