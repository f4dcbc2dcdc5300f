import { expect } from 'chai';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { describeMetric } from '../../../lib/core/metrics/descriptor.js';
import { PAGE_BYTES } from '../../../lib/core/metrics/segment.js';
import { SegmentReader } from '../../../lib/core/metrics/segment-reader.js';
import { SegmentWriter } from '../../../lib/core/metrics/segment-writer.js';
import { exhaust, restoreMemory } from '../../support/exhaust-memory.js';

const descriptor = describeMetric({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] });

describe('SegmentWriter', () => {
  afterEach(restoreMemory);

  it('sets series to what was told last, and begins them anew when that was set back to zero', () => {
    const writer = new SegmentWriter();
    const gatherer = new Gatherer();
    gatherer.add(1, writer.memory.segments[0]!.buffer);
    const tell = (node: string, createdSeconds: number, count: number): boolean =>
      writer.write(descriptor, { labelValues: [node], createdSeconds, cells: [count] });
    const shown = () =>
      [...(gatherer.family('calls_total')?.series ?? [])].map((one) => [
        ...one.labelValues,
        one.createdSeconds,
        one.cell(0),
      ]);
    tell('a', 10, 5);
    tell('b', 20, 1);
    tell('a', 10, 6);
    expect(shown()).to.deep.equal([
      ['a', 10, 6],
      ['b', 20, 1],
    ]);
    tell('a', 30, 2);
    tell('b', 30, 0);
    tell('c', 40, 1);
    expect(shown()).to.deep.equal([
      ['a', 30, 2],
      ['b', 30, 0],
      ['c', 40, 1],
    ]);
  });

  const wait = describeMetric({ name: 'wait_seconds', kind: 'histogram', help: 'Wait.', labels: [], buckets: [1] });
  const exemplar = { ...{ value: 1, timestampSeconds: 50 }, traceId: '1'.repeat(32), spanId: '2'.repeat(16) };

  it('keeps the exemplars it is told, each in its place, and those of before where there is none', () => {
    const writer = new SegmentWriter();
    const gatherer = new Gatherer();
    gatherer.add(1, writer.memory.segments[0]!.buffer);
    const tell = (exemplars?: readonly (typeof exemplar | undefined)[]): boolean =>
      writer.write(wait, { labelValues: [], createdSeconds: 10, cells: [1, 2, 3.5], ...(exemplars && { exemplars }) });
    const shown = () => {
      const [series] = gatherer.family('wait_seconds')?.series ?? [];
      return [0, 1].map((bucket) => series?.exemplar(bucket)?.timestampSeconds);
    };
    tell();
    tell([undefined, undefined]);
    const { byteLength } = writer.memory.segments[0]!.buffer;
    tell([undefined, exemplar]);
    expect(shown()).to.deep.equal([undefined, 50]);
    tell([{ ...exemplar, timestampSeconds: 60 }]);
    tell([undefined, { ...exemplar, timestampSeconds: 70 }]);
    expect(shown()).to.deep.equal([60, 70]);
    expect(writer.memory.segments[0]!.buffer.byteLength).to.equal(byteLength);
    const rooms = [...new SegmentReader(writer.memory.segments[0]!.buffer).newRecords()].filter(
      ({ type }) => type === 'exemplars',
    );
    expect(rooms).to.have.length(1);
  });

  it('knows a declaration by what it says, and tells it once', () => {
    const writer = new SegmentWriter();
    const told = (node: string) => ({ labelValues: [node], createdSeconds: 10, cells: [1] });
    writer.write(descriptor, told('a'));
    writer.write({ ...descriptor, help: 'Other words.' }, told('a'));
    writer.write({ ...descriptor, name: 'other_total' }, told('a'));
    const records = [...new SegmentReader(writer.memory.segments[0]!.buffer).newRecords()];
    expect(records.map(({ type }) => type)).to.deep.equal(['metric', 'series', 'metric', 'series']);
    expect(records.map((record) => 'metric' in record && record.metric)).to.deep.equal([0, 0, 1, 1]);
  });

  it('begins a metric anew at the latest moment it is told of, never at an earlier one', () => {
    const writer = new SegmentWriter();
    const gatherer = new Gatherer();
    gatherer.add(1, writer.memory.segments[0]!.buffer);
    for (const createdSeconds of [20, 40, 30, 10]) {
      writer.write(descriptor, { labelValues: ['a'], createdSeconds, cells: [1] });
    }
    expect(
      [...(gatherer.family('calls_total')?.series ?? [])].map(({ createdSeconds }) => createdSeconds),
    ).to.deep.equal([40]);
  });

  it('returns false for what there is no room for, and goes on with what it has', () => {
    const writer = new SegmentWriter(4 * PAGE_BYTES);
    const gatherer = new Gatherer();
    writer.memory.follow(({ buffer }, index) => gatherer.add(1, buffer, index));
    const tell = (count: number, more: object = {}): boolean =>
      writer.write(descriptor, { labelValues: ['a'], createdSeconds: 10, cells: [count], ...more });
    tell(1);
    exhaust(writer.memory);
    const other = { labelValues: ['b'], createdSeconds: 10, cells: [1] };
    expect(writer.write(descriptor, other)).to.equal(false);
    tell(2);
    tell(3, { exemplars: [exemplar] });
    expect(tell(4, { createdSeconds: 99 })).to.equal(true);
    const [first, ...others] = gatherer.family('calls_total')?.series ?? [];
    expect([first?.labelValues, first?.cell(0), first?.createdSeconds]).to.deep.equal([['a'], 4, 10]);
    expect(first?.exemplar(0)).to.equal(undefined);
    expect(others).to.deep.equal([]);
  });

  it('has room for each exemplar of a series beside what comes after', () => {
    const writer = new SegmentWriter();
    const gatherer = new Gatherer();
    gatherer.add(1, writer.memory.segments[0]!.buffer);
    writer.write(wait, { labelValues: [], createdSeconds: 10, cells: [1, 2, 3], exemplars: [exemplar, exemplar] });
    for (let node = 0; node < 40; node++) {
      writer.write(descriptor, { labelValues: [`${node}`], createdSeconds: 10, cells: [0.1] });
    }
    const [series] = gatherer.family('wait_seconds')?.series ?? [];
    const { traceId, spanId, ...shown } = exemplar;
    const read = { ...shown, labels: { trace_id: traceId, span_id: spanId } };
    expect([0, 1].map((bucket) => series?.exemplar(bucket))).to.deep.equal([read, read]);
  });
});
