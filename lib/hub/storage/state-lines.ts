import type { NativeHistogram } from 'tinyllm/server';
import type { Label } from '../pushes/label-set.js';
import type { TextType } from '../pushes/parse-text.js';
import { accumulates, type PushedSeries } from '../pushes/pushed-family.js';
import { bucketsOf } from '../pushes/read-native.js';
import type { ExactNumber } from '../sums/exact-number.js';
import type { HubStore } from '../sums/hub-store.js';
import type { LastValues, Pusher, SeriesPatch } from '../sums/pusher.js';
import type { ChangeStep } from '../sums/state-change.js';
import type { Total } from '../sums/stored-family.js';
import { type WrittenNative, writeNative } from '../sums/written-native.js';
import type { ClockStamp } from './hub-clock.js';
import { toWrittenNumber, type WrittenNumber } from './written-number.js';

/** Maximum number of series in one line, because a line is written and read without a pause. */
const SERIES_PER_LINE = 500;
/** A line with native buckets has fewer series: this many buckets count as one series. */
const BUCKETS_PER_SERIES = 16;

/** A total in a line. */
export type WrittenTotal = readonly [
  labelText: string,
  createdSeconds: number,
  sums: readonly ExactNumber[],
  key?: string | null,
  native?: WrittenNative,
];

/** A series of a pusher in a line. */
export type WrittenSeries = readonly [
  labelText: string,
  numbers: readonly WrittenNumber[],
  created?: number | null,
  quantiles?: readonly (readonly [WrittenNumber, WrittenNumber])[] | null,
  key?: string | null,
  native?: WrittenNative,
];

/** A line of the journal, as JSON. */
export type Line =
  | ClockStamp
  | {
      readonly family: string;
      readonly type: TextType;
      readonly help: string;
      readonly bounds: readonly number[];
      readonly agreed: number;
    }
  | { readonly forget: string }
  | { readonly agreed: string; readonly pushers: number }
  | { readonly totals: string; readonly of: readonly WrittenTotal[] }
  | { readonly group: readonly Label[]; readonly at: number; readonly wall: number; readonly start: number | null }
  /**
   * With `more`, the line adds series to the metric of the pusher, or replaces series with the same key. Without
   * `more`, the line replaces all series. `gone` contains the keys of series to remove.
   */
  | {
      readonly kept: string;
      readonly type: TextType;
      readonly bounds: readonly number[];
      readonly of: readonly WrittenSeries[];
      readonly more?: true;
      readonly gone?: readonly string[];
    }
  | { readonly dropped: string }
  | { readonly end: readonly Label[] }
  /** A packed pusher, which is an expired pusher that is compressed to save memory: its key, and its data in base64. */
  | { readonly dormant: string; readonly packed: string };

/** The lines of one step. */
export function* stepLines(step: ChangeStep): Generator<string> {
  switch (step.step) {
    case 'family': {
      const { name: family, type, help, bounds } = step.family;
      yield written({ family, type, help, bounds, agreed: 1 });
      return;
    }
    case 'forget':
      yield written({ forget: step.name });
      return;
    case 'agreed':
      yield written({ agreed: step.name, pushers: step.pushers });
      return;
    case 'totals':
      yield* totalLines(step.name, step.totals);
      return;
    case 'group': {
      const { pushedAt, pushedWall, processStart } = step.times;
      yield written({ group: step.grouping.labels, at: pushedAt, wall: pushedWall, start: processStart ?? null });
      return;
    }
    case 'kept':
      yield* keptLines(step.name, step.last);
      return;
    case 'patched':
      yield* patchLines(step.name, step.last, step.patch);
      return;
    case 'dropped':
      yield written({ dropped: step.name });
      return;
    case 'end':
      yield written({ end: step.grouping.labels });
  }
}

/**
 * The lines of the complete state. Yields strings of one or two lines. The two lines of a string must stay together in
 * the file.
 *
 * The state may change between two strings. The strings yielded before a change don't contain it, so the caller must
 * write the lines of the change after these strings. The lines of the change may also come after later strings. The
 * caller must keep the order of the changes.
 */
export function* snapshotLines(store: HubStore): Generator<string> {
  for (const family of store.families.values()) {
    const { name, type, help, bounds, agreeingPushers } = family;
    yield written({ family: name, type, help, bounds, agreed: agreeingPushers });
    for (const line of totalLines(name, family.totals)) {
      // If the metric was replaced meanwhile, the old totals must not be added to the new metric.
      if (store.families.get(name) !== family) break;
      yield line;
    }
  }
  // A pusher can be packed while the snapshot is written, so packed pushers come last. If a packed pusher pushes again
  // meanwhile, its change contains all of its metrics.
  for (const group of store.groups.values()) yield* groupLines(store, group);
  for (const [dormant, packed] of store.packed) yield written({ dormant, packed: packed.toString('base64') });
}

function* groupLines(store: HubStore, group: Pusher): Generator<string> {
  const { grouping, families } = group;
  const isThere = (): boolean => store.groups.get(grouping.key) === group;
  const head = (): string => [...stepLines({ step: 'group', grouping, times: group.times })].join('');
  yield head();
  for (const name of [...families.keys()]) {
    let last: LastValues | undefined;
    while (isThere() && families.get(name) !== last) {
      last = families.get(name);
      if (last === undefined) break;
      for (const line of keptLines(name, last)) {
        if (!isThere() || families.get(name) !== last) break;
        yield `${head()}\n${line}`;
      }
    }
  }
}

function* totalLines(name: string, totals: Iterable<readonly [string, Total]>): Generator<string> {
  for (const of of chunks(totals, ([, { native }]) => native)) {
    yield written({ totals: name, of: of.map(([key, total]) => writeTotal(key, total)) });
  }
}

function* keptLines(kept: string, { type, bounds, series }: LastValues): Generator<string> {
  let more = false;
  for (const of of chunks(series.values(), ({ native }) => native)) {
    yield written({ kept, type, bounds, of: of.map((one) => writeSeries(one, type)), ...(more ? { more } : {}) });
    more = true;
  }
}

function* patchLines(kept: string, { type, bounds }: LastValues, patch: SeriesPatch): Generator<string> {
  for (const part of chunks(patch, ([, one]) => one?.native)) {
    const of = part.flatMap(([, one]) => (one === undefined ? [] : [writeSeries(one, type)]));
    const gone = part.flatMap(([key, one]) => (one === undefined ? [key] : []));
    yield written({ kept, type, bounds, of, more: true, ...(gone.length > 0 ? { gone } : {}) });
  }
}

function* chunks<T>(entries: Iterable<T>, nativeOf: (entry: T) => NativeHistogram | undefined): Generator<T[]> {
  let chunk: T[] = [];
  let size = 0;
  for (const entry of entries) {
    chunk.push(entry);
    const native = nativeOf(entry);
    size += 1 + (native === undefined ? 0 : bucketsOf(native) / BUCKETS_PER_SERIES);
    if (size < SERIES_PER_LINE) continue;
    yield chunk;
    chunk = [];
    size = 0;
  }
  if (chunk.length > 0) yield chunk;
}

function writeTotal(key: string, { labelText, createdSeconds, sums, native }: Total): WrittenTotal {
  if (native !== undefined) {
    return [labelText, createdSeconds, sums, key === labelText ? null : key, writeNative(native)];
  }
  return key === labelText ? [labelText, createdSeconds, sums] : [labelText, createdSeconds, sums, key];
}

function writeSeries(series: PushedSeries, type: TextType): WrittenSeries {
  const { key, labelText, numbers, created, quantiles, native } = series;
  const writtenNumbers = accumulates(type) ? numbers : numbers.map(toWrittenNumber);
  const pairs = quantiles.size === 0 ? null : [...quantiles].map((pair) => pair.map(toWrittenNumber) as never);
  if (native !== undefined) {
    const writtenKey = key === labelText ? null : key;
    return [labelText, writtenNumbers, created ?? null, pairs, writtenKey, writeNative(native)];
  }
  if (key !== labelText) return [labelText, writtenNumbers, created ?? null, pairs, key];
  if (pairs === null && created === undefined) return [labelText, writtenNumbers];
  return [labelText, writtenNumbers, created ?? null, pairs];
}

function written(line: Line): string {
  return JSON.stringify(line);
}
