import type { Descriptor } from './descriptor.js';
import { encodeSeries, type SeriesRecord } from './series-record.js';

/** The records of a segment's log, in the order of their events. */
export type SegmentRecord = SeriesRecord | JsonRecord;

/** All records except series. There are many series, so they have their own compact format. */
export type JsonRecord = StateRecord | ResetRecord | ExemplarsRecord | LabelledExemplarRecord | RemovedRecord;

/** Describes cells of the same segment. */
export type CellRecord = SeriesRecord | ResetRecord | ExemplarsRecord | LabelledExemplarRecord;

/** A state of the writer. Every segment repeats it. */
export type StateRecord =
  /** A metric was declared, or was declared again before it had series. */
  | { readonly type: 'metric'; readonly metric: number; readonly descriptor: Descriptor }
  /** A metric was added to the registry or removed from it. */
  | { readonly type: 'visible'; readonly metric: number; readonly visible: boolean }
  /**
   * A metric whose series are in the memory of another registry was added to this registry or removed from it. `memory`
   * is the position of that memory in the list of memories. The other metrics of that memory are not in this registry.
   */
  | { readonly type: 'guest'; readonly memory: number; readonly metric: number; readonly visible: boolean }
  /** Labels that every sample has in addition to its own. */
  | { readonly type: 'default-labels'; readonly labels: Readonly<Record<string, string>> }
  /** Whether scrapes need the application's thread, to read a metric or to update one. */
  | { readonly type: 'foreign'; readonly present: boolean }
  /** A mistake of the application that was reported, as one line. */
  | { readonly type: 'problem'; readonly message: string };

/** A metric was reset for the first time. The cell contains the Unix time in seconds of the latest reset. */
export interface ResetRecord {
  readonly type: 'reset';
  readonly metric: number;
  readonly cell: number;
}

/** A series has memory for exemplars from now on. */
export interface ExemplarsRecord {
  readonly type: 'exemplars';
  readonly metric: number;
  /** The first cell for exemplars, counted from the segment's start. */
  readonly cell: number;
  /** The segment of the series, by its index in the chain: this segment or an earlier one. */
  readonly segment: number;
  /** The first cell of the series in its segment. */
  readonly series: number;
}

/** A series has memory for one exemplar with any labels from now on. */
export interface LabelledExemplarRecord extends Omit<ExemplarsRecord, 'type'> {
  readonly type: 'exemplar';
  /** The bucket of a histogram, or 0. */
  readonly index: number;
}

/** A series was removed. Another series can use its cells later. */
export interface RemovedRecord {
  readonly type: 'removed';
  readonly metric: number;
  /** The segment of the series, by its index in the chain: this segment or an earlier one. */
  readonly segment: number;
  /** The first cell of the series in its segment. */
  readonly cell: number;
}

/** A series record begins with the number of its metric. A JSON record has this value in that place. */
const JSON_MARK = 0xffff_ffff;
const MARK_BYTES = 4;

/** Encodes a record as bytes: a series in a compact format, any other record as JSON. */
export function encodeRecord(record: SegmentRecord): Buffer {
  if (record.type === 'series') return encodeSeries(record);
  const json = JSON.stringify(record);
  const bytes = Buffer.allocUnsafe(MARK_BYTES + Buffer.byteLength(json));
  bytes.writeUInt32LE(JSON_MARK);
  bytes.write(json, MARK_BYTES);
  return bytes;
}

/** Decodes the record from `start` to `end`. Returns undefined if it is a series. */
export function decodeJsonRecord(bytes: Buffer, start: number, end: number): JsonRecord | undefined {
  if (bytes.readUInt32LE(start) !== JSON_MARK) return undefined;
  return JSON.parse(bytes.toString('utf8', start + MARK_BYTES, end));
}
