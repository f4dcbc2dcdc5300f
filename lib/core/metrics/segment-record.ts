import type { Descriptor } from './descriptor.js';
import { encodeSeries, type SeriesRecord } from './series-record.js';

/** What is written to a segment's log, in the order it happened. */
export type SegmentRecord = SeriesRecord | RareRecord;

/** Everything but series, of which there are many and which have a form of their own. */
export type RareRecord = StateRecord | ResetRecord | ExemplarsRecord;

/** Describes cells of the same segment. */
export type CellRecord = SeriesRecord | ResetRecord | ExemplarsRecord;

/** A state of the writer, which every segment repeats. */
export type StateRecord =
  /** A metric was declared, or declared anew before it had series. */
  | { readonly type: 'metric'; readonly metric: number; readonly descriptor: Descriptor }
  /** A metric is, or is no longer, in the registry. */
  | { readonly type: 'visible'; readonly metric: number; readonly visible: boolean }
  /** The labels every sample carries besides its own. */
  | { readonly type: 'default-labels'; readonly labels: Readonly<Record<string, string>> }
  /** Whether the registry also holds metrics of the application's own. */
  | { readonly type: 'foreign'; readonly present: boolean };

/** A metric was set back to zero, for the first time; the cell holds the Unix seconds of the last time. */
export interface ResetRecord {
  readonly type: 'reset';
  readonly metric: number;
  readonly cell: number;
}

/** A series has room for exemplars from now on. */
export interface ExemplarsRecord {
  readonly type: 'exemplars';
  readonly metric: number;
  /** The first cell of that room, counted from the segment's start. */
  readonly cell: number;
  /** The segment of the series, by its index in the chain: this one or an earlier one. */
  readonly segment: number;
  /** The first cell of the series in its segment. */
  readonly series: number;
}

/** Stands where a series has its metric's number, in a record that is JSON. */
const JSON_MARK = 0xffff_ffff;
const MARK_BYTES = 4;

/** A record as bytes: a series short, anything else as JSON. */
export function encodeRecord(record: SegmentRecord): Buffer {
  if (record.type === 'series') return encodeSeries(record);
  const json = JSON.stringify(record);
  const bytes = Buffer.allocUnsafe(MARK_BYTES + Buffer.byteLength(json));
  bytes.writeUInt32LE(JSON_MARK);
  bytes.write(json, MARK_BYTES);
  return bytes;
}

/** The record from `start` to `end`; undefined when it is a series'. */
export function decodeRareRecord(bytes: Buffer, start: number, end: number): RareRecord | undefined {
  if (bytes.readUInt32LE(start) !== JSON_MARK) return undefined;
  return JSON.parse(bytes.toString('utf8', start + MARK_BYTES, end));
}
