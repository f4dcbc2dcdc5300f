import { ABSENT_LABEL_VALUE } from './label-value.js';

/** A series was created. */
export interface SeriesRecord {
  readonly type: 'series';
  readonly metric: number;
  /** Its first cell, counted from the segment's start. */
  readonly cell: number;
  /** Unix seconds. */
  readonly createdSeconds: number;
  readonly labelValues: readonly string[];
}

/** The values of a series' labels as they are in a log, in the order of the metric's labels. */
export interface LabelBytes {
  readonly page: Uint8Array;
  /** The index of the first value. Each value is UTF-8 and ends with the byte 0xFF. */
  readonly valuesStart: number;
  /** The index after the last value. */
  readonly end: number;
}

/** Positions in the record of a series, little-endian: two 32-bit words, a double, the label values. */
const LAYOUT = { metric: 0, cell: 4, createdSeconds: 8, labelValues: 16 } as const;
/** Terminates each label value. The byte 0xFF never occurs in UTF-8. */
export const END_OF_VALUE = 0xff;
/** Stands for the value of a label that the series does not have. The byte 0xFE never occurs in UTF-8. */
export const ABSENT_VALUE = 0xfe;

/** Encodes the record of a series as bytes. */
export function encodeSeries({ metric, cell, createdSeconds, labelValues }: SeriesRecord): Buffer {
  const valueBytes = labelValues.reduce((bytes, value) => bytes + Buffer.byteLength(value) + 1, 0);
  // A lone surrogate counts as three bytes. An absent value takes one byte, so a part of the buffer can stay unused.
  const bytes = Buffer.allocUnsafe(LAYOUT.labelValues + valueBytes);
  bytes.writeUInt32LE(metric, LAYOUT.metric);
  bytes.writeUInt32LE(cell, LAYOUT.cell);
  bytes.writeDoubleLE(createdSeconds, LAYOUT.createdSeconds);
  let position: number = LAYOUT.labelValues;
  for (const value of labelValues) {
    position =
      value === ABSENT_LABEL_VALUE ? bytes.writeUInt8(ABSENT_VALUE, position) : position + bytes.write(value, position);
    position = bytes.writeUInt8(END_OF_VALUE, position);
  }
  return bytes.subarray(0, position);
}

/**
 * A series in a log.
 *
 * Its properties are read from the log at each access, so that they need no memory of their own.
 */
export class LoggedSeries implements SeriesRecord, LabelBytes {
  readonly type = 'series';

  /** The record extends from `start` to `end` on a page of the segment. */
  constructor(
    readonly page: Buffer,
    private readonly start: number,
    readonly end: number,
  ) {}

  /** Position of the record in the segment, in bytes. */
  get position(): number {
    return this.page.byteOffset + this.start;
  }

  get metric(): number {
    return this.page.readUInt32LE(this.start + LAYOUT.metric);
  }

  get cell(): number {
    return this.page.readUInt32LE(this.start + LAYOUT.cell);
  }

  get createdSeconds(): number {
    return this.page.readDoubleLE(this.start + LAYOUT.createdSeconds);
  }

  get valuesStart(): number {
    return this.start + LAYOUT.labelValues;
  }

  /** The label values as bytes. */
  get labelBytes(): LabelBytes {
    return this;
  }

  get labelValues(): readonly string[] {
    const { page, end } = this;
    const values: string[] = [];
    let valueStart = this.valuesStart;
    for (let position = valueStart; position < end; position++) {
      if (page[position] !== END_OF_VALUE) continue;
      const isAbsent = position === valueStart + 1 && page[valueStart] === ABSENT_VALUE;
      values.push(isAbsent ? ABSENT_LABEL_VALUE : page.toString('utf8', valueStart, position));
      valueStart = position + 1;
    }
    return values;
  }
}
