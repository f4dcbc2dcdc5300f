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

  it('sets series to the latest values, and resets them if the source was reset', () => {
    const writer = new SegmentWriter();
    const gatherer = new Gatherer();
    gatherer.add(1, writer.memory.segments[0]!.buffer);
    const write = (node: string, createdSeconds: number, count: number): boolean =>
      writer.write(descriptor, { labelValues: [node], createdSeconds, cells: [count] });
    const shown = () =>
      [...(gatherer.family('calls_total')?.series ?? [])].map((one) => [
        ...one.labelValues,
        one.createdSeconds,
        one.cell(0),
      ]);
    write('a', 10, 5);
    write('b', 20, 1);
    write('a', 10, 6);
    expect(shown()).to.deep.equal([
      ['a', 10, 6],
      ['b', 20, 1],
    ]);
    write('a', 30, 2);
    write('b', 30, 0);
    write('c', 40, 1);
    expect(shown()).to.deep.equal([
      ['a', 30, 2],
      ['b', 30, 0],
      ['c', 40, 1],
    ]);
  });

  const wait = describeMetric({ name: 'wait_seconds', kind: 'histogram', help: 'Wait.', labels: [], buckets: [1] });
  const traceLabels = { trace_id: '1'.repeat(32), span_id: '2'.repeat(16) };
  const exemplar = { value: 1, timestampSeconds: 50, labels: traceLabels };

  it('stores each exemplar in its slot, and keeps the previous one if there is none', () => {
    const writer = new SegmentWriter();
    const gatherer = new Gatherer();
    gatherer.add(1, writer.memory.segments[0]!.buffer);
    const write = (exemplars?: readonly (typeof exemplar | undefined)[]): boolean =>
      writer.write(wait, { labelValues: [], createdSeconds: 10, cells: [1, 2, 3.5], ...(exemplars && { exemplars }) });
    const shown = () => {
      const [series] = gatherer.family('wait_seconds')?.series ?? [];
      return [0, 1].map((bucket) => series?.exemplar(bucket)?.timestampSeconds);
    };
    write();
    write([undefined, undefined]);
    const { byteLength } = writer.memory.segments[0]!.buffer;
    write([undefined, exemplar]);
    expect(shown()).to.deep.equal([undefined, 50]);
    write([{ ...exemplar, timestampSeconds: 60 }]);
    write([undefined, { ...exemplar, timestampSeconds: 70 }]);
    expect(shown()).to.deep.equal([60, 70]);
    expect(writer.memory.segments[0]!.buffer.byteLength).to.equal(byteLength);
    const rooms = [...new SegmentReader(writer.memory.segments[0]!.buffer).newRecords()].filter(
      ({ type }) => type === 'exemplars',
    );
    expect(rooms).to.have.length(1);
  });

  it('identifies a declaration by its content, and publishes it once', () => {
    const writer = new SegmentWriter();
    const seriesOf = (node: string) => ({ labelValues: [node], createdSeconds: 10, cells: [1] });
    writer.write(descriptor, seriesOf('a'));
    writer.write({ ...descriptor, help: 'Other words.' }, seriesOf('a'));
    writer.write({ ...descriptor, name: 'other_total' }, seriesOf('a'));
    const records = [...new SegmentReader(writer.memory.segments[0]!.buffer).newRecords()];
    expect(records.map(({ type }) => type)).to.deep.equal(['metric', 'series', 'metric', 'series']);
    expect(records.map((record) => 'metric' in record && record.metric)).to.deep.equal([0, 0, 1, 1]);
  });

  it('uses the latest reset time, never an earlier one', () => {
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

  it('returns false for series without memory, and continues with the others', () => {
    const writer = new SegmentWriter(4 * PAGE_BYTES);
    const gatherer = new Gatherer();
    writer.memory.follow(({ buffer }, index) => gatherer.add(1, buffer, index));
    const write = (count: number, more: object = {}): boolean =>
      writer.write(descriptor, { labelValues: ['a'], createdSeconds: 10, cells: [count], ...more });
    write(1);
    exhaust(writer.memory);
    const other = { labelValues: ['b'], createdSeconds: 10, cells: [1] };
    expect(writer.write(descriptor, other)).to.equal(false);
    write(2);
    write(3, { exemplars: [exemplar] });
    expect(write(4, { createdSeconds: 99 })).to.equal(true);
    const [first, ...others] = gatherer.family('calls_total')?.series ?? [];
    expect([first?.labelValues, first?.cell(0), first?.createdSeconds]).to.deep.equal([['a'], 4, 10]);
    expect(first?.exemplar(0)).to.equal(undefined);
    expect(others).to.deep.equal([]);
  });

  it('allocates memory for every exemplar of a series', () => {
    const writer = new SegmentWriter();
    const gatherer = new Gatherer();
    gatherer.add(1, writer.memory.segments[0]!.buffer);
    writer.write(wait, { labelValues: [], createdSeconds: 10, cells: [1, 2, 3], exemplars: [exemplar, exemplar] });
    for (let node = 0; node < 40; node++) {
      writer.write(descriptor, { labelValues: [`${node}`], createdSeconds: 10, cells: [0.1] });
    }
    const [series] = gatherer.family('wait_seconds')?.series ?? [];
    expect([0, 1].map((bucket) => series?.exemplar(bucket))).to.deep.equal([exemplar, exemplar]);
  });

  it('stores exemplars with any labels', () => {
    const writer = new SegmentWriter();
    const gatherer = new Gatherer();
    gatherer.add(1, writer.memory.segments[0]!.buffer);
    const other = { value: 2, timestampSeconds: 60, labels: { user: 'a"b' } };
    writer.write(wait, { labelValues: [], createdSeconds: 10, cells: [1, 2, 3], exemplars: [exemplar, other] });
    const [series] = gatherer.family('wait_seconds')?.series ?? [];
    expect([0, 1].map((bucket) => series?.exemplar(bucket))).to.deep.equal([exemplar, other]);
  });

  it('removes a series, and writes it again with another creation time, without a reset of the others', () => {
    const writer = new SegmentWriter();
    const gatherer = new Gatherer();
    gatherer.add(1, writer.memory.segments[0]!.buffer);
    const write = (label: string, createdSeconds: number, value: number) =>
      writer.write(descriptor, { labelValues: [label], createdSeconds, cells: [value], exemplars: [exemplar] });
    const shown = () =>
      [...(gatherer.family('calls_total')?.series ?? [])].map(({ labelValues, createdSeconds }) => [
        labelValues[0],
        createdSeconds,
      ]);
    write('a', 10, 1);
    write('b', 11, 2);
    writer.remove(descriptor, ['a']);
    writer.remove(descriptor, ['unknown']);
    expect(shown()).to.deep.equal([['b', 11]]);
    write('a', 20, 3);
    expect(shown()).to.deep.equal([
      ['b', 11],
      ['a', 20],
    ]);
  });
});
