import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Label } from '../pushes/label-set.js';
import { labelSet } from '../pushes/label-set.js';
import type { TextType } from '../pushes/parse-text.js';
import type { PushedSeries } from '../pushes/pushed-family.js';
import { bucketsOf } from '../pushes/read-native.js';
import { lastValues, Pusher, type PushTimes } from './pusher.js';
import { readNative, type WrittenNative, writeNative } from './written-native.js';

/** Maximum number of series of a packed pusher. Packing more series would delay other requests. */
const MAX_SERIES = 2_000;

/** With native buckets, this many buckets take as much time as one series. */
const BUCKETS_PER_SERIES = 8;

type PackedSeries = readonly [
  labelText: string,
  numbers: readonly number[],
  created: number | null,
  key?: string | null,
  native?: WrittenNative,
];

interface Packed {
  readonly labels: readonly Label[];
  readonly times: PushTimes;
  readonly families: readonly (readonly [string, TextType, readonly number[], readonly PackedSeries[]])[];
}

/**
 * Packs a pusher that isn't live into about 5% of its memory. Returns `undefined` if it has too many series or native
 * buckets.
 */
export function packGroup({ grouping, times, families, size }: Pusher): Buffer | undefined {
  if (size > MAX_SERIES) return undefined;
  let buckets = 0;
  for (const { series } of families.values()) {
    for (const { native } of series.values()) if (native !== undefined) buckets += bucketsOf(native);
  }
  if (size + buckets / BUCKETS_PER_SERIES > MAX_SERIES) return undefined;
  const packed: Packed = {
    labels: grouping.labels,
    times,
    families: [...families].map(([name, { type, bounds, series }]) => [
      name,
      type,
      bounds,
      [...series.values()].map(packSeries),
    ]),
  };
  return deflateRawSync(JSON.stringify(packed), { level: 1 });
}

/** Unpacks a pusher. */
export function unpackGroup(bytes: Buffer): Pusher {
  const { labels, times, families } = JSON.parse(inflateRawSync(bytes).toString()) as Packed;
  const group = new Pusher({ labels, key: labelSet(labels).key });
  group.isLive = false;
  // JSON has no NaN, so an invalid start time is null after packing.
  group.times = { ...times, processStart: times.processStart ?? undefined };
  for (const [name, type, bounds, packed] of families) {
    const series = new Map(packed.map(unpackSeries).map((one) => [one.key, one]));
    group.families.set(name, lastValues(name, { type, bounds, series }));
    group.size += series.size;
  }
  return group;
}

function packSeries({ key, labelText, numbers, created, native }: PushedSeries): PackedSeries {
  if (native !== undefined)
    return [labelText, numbers, created ?? null, key === labelText ? null : key, writeNative(native)];
  return key === labelText ? [labelText, numbers, created ?? null] : [labelText, numbers, created ?? null, key];
}

function unpackSeries([labelText, numbers, created, key, native]: PackedSeries): PushedSeries {
  const series = { key: key ?? labelText, labelText, numbers, created: created ?? undefined, quantiles: new Map() };
  return native === undefined ? series : { ...series, native: readNative(native) };
}
