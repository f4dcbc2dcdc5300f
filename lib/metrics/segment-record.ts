import type { Descriptor } from './descriptor.js';

/** What a segment's log says, in the order it happened. */
export type SegmentRecord =
  /** A metric was declared, or declared anew before it had series. */
  | { readonly type: 'metric'; readonly metric: number; readonly descriptor: Descriptor }
  /** A metric is, or is no longer, in the registry. */
  | { readonly type: 'visible'; readonly metric: number; readonly visible: boolean }
  /** The labels every sample carries besides its own. */
  | { readonly type: 'default-labels'; readonly labels: Readonly<Record<string, string>> }
  /** Whether the registry also holds metrics of the application's own. */
  | { readonly type: 'foreign'; readonly present: boolean }
  | SeriesRecord
  | ExemplarsRecord;

/** A series came to be; there are many of these, so they are written short. */
export interface SeriesRecord {
  readonly type: 'series';
  readonly metric: number;
  /** Its first cell, counted from the segment's start. */
  readonly cell: number;
  /** Unix seconds. */
  readonly createdSeconds: number;
  readonly labelValues: readonly string[];
}

/** A series has room for exemplars from now on. */
export interface ExemplarsRecord {
  readonly type: 'exemplars';
  readonly metric: number;
  /** The first cell of that room, counted from the segment's start. */
  readonly cell: number;
  /** Which series, of those the segment has told of. */
  readonly labelValues: readonly string[];
}

type ShortSeries = readonly [metric: number, cell: number, createdSeconds: number, ...labelValues: string[]];

/** A record as JSON. */
export function encodeRecord(record: SegmentRecord): string {
  if (record.type !== 'series') return JSON.stringify(record);
  const { metric, cell, createdSeconds, labelValues } = record;
  return JSON.stringify([metric, cell, createdSeconds, ...labelValues] satisfies ShortSeries);
}

/** What `encodeRecord` was given. */
export function decodeRecord(json: string): SegmentRecord {
  const record: SegmentRecord | ShortSeries = JSON.parse(json);
  if ('type' in record) return record;
  const [metric, cell, createdSeconds, ...labelValues] = record;
  return { type: 'series', metric, cell, createdSeconds, labelValues };
}
