import { expect } from 'chai';
import fc from 'fast-check';
import { type CellSlice, FIRST_SERIES_CELL } from '../../../lib/core/metrics/cells.js';
import { describeMetric } from '../../../lib/core/metrics/descriptor.js';
import {
  CELLS_PER_PAGE,
  LOG_HEADER,
  PAGE_BYTES,
  RECORD_SIZE_BYTES,
  Segment,
} from '../../../lib/core/metrics/segment.js';
import { SegmentReader } from '../../../lib/core/metrics/segment-reader.js';
import { encodeRecord, type SegmentRecord } from '../../../lib/core/metrics/segment-record.js';
import { LoggedSeries, type SeriesRecord } from '../../../lib/core/metrics/series-record.js';

const seriesOf = (...labelValues: string[]): SeriesRecord => ({
  type: 'series',
  metric: 3,
  cell: 8_192,
  createdSeconds: 1_764_000_000.5,
  labelValues,
});

/** The new records of a segment, each series with all its properties. */
function newRecords(reader: SegmentReader): SegmentRecord[] {
  return [...reader.newRecords()].map((record) => (record instanceof LoggedSeries ? factsOf(record) : record));
}

function factsOf({ type, metric, cell, createdSeconds, labelValues }: SeriesRecord): SeriesRecord {
  return { type, metric, cell, createdSeconds, labelValues };
}

describe('Segment', () => {
  it('can be read by another reader record by record', () => {
    const segment = new Segment(2 ** 24);
    const reader = new SegmentReader(segment.buffer);
    const descriptor = describeMetric({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['a'] });
    const records: SegmentRecord[] = [
      { type: 'metric', metric: 3, descriptor },
      seriesOf('value', ''),
      { type: 'visible', metric: 3, visible: false },
      { type: 'default-labels', labels: { region: 'eu' } },
    ];
    for (const record of records) segment.append(record);
    expect(newRecords(reader).map((record) => JSON.parse(JSON.stringify(record)))).to.deep.equal(
      records.map((record) => JSON.parse(JSON.stringify(record))),
    );
    expect(newRecords(reader)).to.deep.equal([]);
    segment.append(seriesOf('later'));
    expect(newRecords(reader)).to.deep.equal([seriesOf('later')]);
  });

  it('stores any text, over any number of pages, wherever the reader is', () => {
    const text = fc.string({ unit: 'binary', maxLength: 256 }).map((value) => value.toWellFormed());
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(text, { maxLength: 3 }), fc.boolean()), { maxLength: 200 }), (steps) => {
        const segment = new Segment(2 ** 24);
        const reader = new SegmentReader(segment.buffer);
        const written = steps.flatMap(([values]) => Array.from({ length: 3 }, () => seriesOf(...values)));
        const read: SegmentRecord[] = [];
        written.forEach((record, index) => {
          segment.append(record);
          if (steps[Math.floor(index / 3)]?.[1]) read.push(...newRecords(reader));
        });
        expect([...read, ...newRecords(reader)]).to.deep.equal(written);
      }),
      { numRuns: 30 },
    );
  });

  it('describes its cells in the log, so that the reader finds them', () => {
    const segment = new Segment(2 ** 24);
    const reader = new SegmentReader(segment.buffer);
    for (const value of [0.5, 1.5, 2.5]) {
      const slice = segment.allocate(5_000, (cell) => ({ ...seriesOf('a'), cell })) as CellSlice;
      slice.page[slice.offset + 7] = value;
      const [series] = [...reader.newRecords()] as LoggedSeries[];
      const read = reader.slice(series!.cell);
      expect(read.page[read.offset + 7]).to.equal(value);
    }
  });

  it('rejects a record that is too long for a page, and continues', () => {
    const segment = new Segment(2 ** 24);
    expect(segment.append(seriesOf('x'.repeat(70_000)))).to.equal(false);
    expect(segment.allocate(1, () => seriesOf('x'.repeat(70_000)))).to.equal(undefined);
    segment.append(seriesOf('short'));
    expect(newRecords(new SegmentReader(segment.buffer))).to.deep.equal([seriesOf('short')]);
  });

  it('rejects a record that is one byte too long for a page', () => {
    const room = PAGE_BYTES - LOG_HEADER.bytes - RECORD_SIZE_BYTES;
    const overhead = encodeRecord(seriesOf('')).length;
    for (const [bytes, fits] of [
      [room, true],
      [room + 1, false],
    ] as const) {
      const slice = new Segment(2 ** 24).allocate(1, () => seriesOf('x'.repeat(bytes - overhead)));
      expect(slice !== undefined).to.equal(fits);
    }
  });

  it('begins a page only when the last one is full', () => {
    const segment = new Segment(2 ** 24);
    const half = (PAGE_BYTES - LOG_HEADER.bytes) / 2 - RECORD_SIZE_BYTES - encodeRecord(seriesOf('')).length;
    for (const pages of [1, 1, 2]) {
      segment.append(seriesOf('x'.repeat(half)));
      expect(segment.buffer.byteLength).to.equal(pages * PAGE_BYTES);
    }
    const [first, ...others] = newRecords(new SegmentReader(segment.buffer));
    expect(others).to.deep.equal([first, first]);
  });

  it('finds the series at a given position, on any page', () => {
    const segment = new Segment(2 ** 24);
    const reader = new SegmentReader(segment.buffer);
    const names = Array.from({ length: 400 }, (_, index) => `${index} `.padEnd(250, 'x'));
    for (const name of names) segment.append(seriesOf(name));
    const places = [...reader.newRecords()].map((record) => (record as LoggedSeries).position);
    expect(places.at(-1)).to.be.greaterThan(PAGE_BYTES);
    const another = new SegmentReader(segment.buffer);
    expect(places.map((place) => factsOf(another.seriesAt(place)))).to.deep.equal(names.map((name) => seriesOf(name)));
  });

  it('allocates cells and appends records until it is full, without damage', () => {
    const segment = new Segment(4 * PAGE_BYTES);
    segment.append(seriesOf('first'));
    const cells = CELLS_PER_PAGE - FIRST_SERIES_CELL;
    for (let page = 1; page < 4; page++)
      expect(segment.allocate(cells, () => seriesOf('cells'))).not.to.equal(undefined);
    expect(segment.allocate(1, () => seriesOf('none'))).to.equal(undefined);
    expect(segment.buffer.byteLength).to.equal(segment.buffer.maxByteLength);
    for (let record = 0; record < 6; record++) segment.append(seriesOf('x'.repeat(10_000)));
    expect(segment.append(seriesOf('x'.repeat(10_000)))).to.equal(false);
    segment.append(seriesOf('short'));
    expect(newRecords(new SegmentReader(segment.buffer))).to.have.length(1 + 3 + 6 + 1);
  });

  it('reads a series to its own end, whatever the length of the next one', () => {
    const segment = new Segment(2 ** 24);
    const overhead = encodeRecord(seriesOf('')).length;
    segment.append(seriesOf('first'));
    segment.append(seriesOf('x'.repeat(0xff - overhead)));
    const [first] = newRecords(new SegmentReader(segment.buffer));
    expect(first).to.deep.equal(seriesOf('first'));
  });
});
