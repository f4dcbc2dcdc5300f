/** A series came to be. */
export interface SeriesRecord {
  readonly type: 'series';
  readonly metric: number;
  /** Its first cell, counted from the segment's start. */
  readonly cell: number;
  /** Unix seconds. */
  readonly createdSeconds: number;
  readonly labelValues: readonly string[];
}

/** Where the facts of a series stand in its record, little-endian: two words, a double, the label values. */
const LAYOUT = { metric: 0, cell: 4, createdSeconds: 8, labelValues: 16 } as const;
/** Ends each label value; no byte of UTF-8 is like it. */
const END_OF_VALUE = 0xff;

/** A series' record as bytes. */
export function encodeSeries({ metric, cell, createdSeconds, labelValues }: SeriesRecord): Buffer {
  const valueBytes = labelValues.reduce((bytes, value) => bytes + Buffer.byteLength(value) + 1, 0);
  const bytes = Buffer.allocUnsafe(LAYOUT.labelValues + valueBytes);
  bytes.writeUInt32LE(metric, LAYOUT.metric);
  bytes.writeUInt32LE(cell, LAYOUT.cell);
  bytes.writeDoubleLE(createdSeconds, LAYOUT.createdSeconds);
  let position: number = LAYOUT.labelValues;
  for (const value of labelValues) {
    position += bytes.write(value, position);
    position = bytes.writeUInt8(END_OF_VALUE, position);
  }
  return bytes;
}

/**
 * A series as a log tells of it.
 *
 * Its facts are read from the log each time they are asked for: there they are held once, and take no objects.
 */
export class LoggedSeries implements SeriesRecord {
  readonly type = 'series';

  /** Its record stands on a page of the segment from `start` to `end`. */
  constructor(
    private readonly page: Buffer,
    private readonly start: number,
    private readonly end: number,
  ) {}

  /** Where in the segment its record is, in bytes. */
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

  get labelValues(): readonly string[] {
    const { page, end } = this;
    const values: string[] = [];
    let valueStart = this.start + LAYOUT.labelValues;
    for (let position = valueStart; position < end; position++) {
      if (page[position] !== END_OF_VALUE) continue;
      values.push(page.toString('utf8', valueStart, position));
      valueStart = position + 1;
    }
    return values;
  }
}
