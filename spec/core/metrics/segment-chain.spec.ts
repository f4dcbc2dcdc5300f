import { expect } from 'chai';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { writeText } from '../../../lib/core/formats/text.js';
import { SharedStorage } from '../../../lib/core/metrics/custom/series-storage.js';
import { describeCustomMetric } from '../../../lib/core/metrics/descriptor.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { CELLS_PER_PAGE, PAGE_BYTES } from '../../../lib/core/metrics/segment.js';
import { SegmentChain, type SegmentChainOptions } from '../../../lib/core/metrics/segment-chain.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { exhaust, limitReservations, restoreMemory } from '../../support/exhaust-memory.js';
import { parseText, sampleValue } from '../../support/parse-text.js';

const trace = { traceId: '1'.repeat(32), spanId: '2'.repeat(16) };

/** Small segments, so that a few thousand series need several. */
const small = { maxSegmentBytes: 4 * PAGE_BYTES };

describe('SegmentChain', () => {
  afterEach(restoreMemory);

  it('continues in another segment when one is full, and loses no series', () => {
    const registry = new SharedRegistry();
    const meter = new Meter(registry, small);
    meter.configure({ maxSeriesPerMetric: 10_000 });
    const gatherer = new Gatherer();
    meter.memory.follow(({ buffer }, index) => gatherer.add(0, buffer, index));
    const calls = meter.create({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] });
    const wait = meter.create({
      ...{ name: 'wait_seconds', kind: 'histogram', help: 'Wait.', labels: ['node'], buckets: [1, 2, 3] },
    });
    const nodes = Array.from({ length: 6_000 }, (_, index) => `node ${index}`);
    for (const [index, node] of nodes.entries()) {
      calls.series(node).inc(index);
      wait.series(node).observe(index % 4);
      if (index % 1_000 === 0) gatherer.families();
    }
    expect(meter.memory.segments.length).to.be.above(2);
    const text = writeText(gatherer.families());
    expect(text.match(/^calls_total\{/gm)).to.have.length(6_000);
    expect(text.match(/^wait_seconds_count\{/gm)).to.have.length(6_000);
    for (const index of [0, 2_999, 5_999]) {
      expect(text).to.contain(`\ncalls_total{node="node ${index}"} ${index}\n`);
      expect(text).to.contain(`\nwait_seconds_sum{node="node ${index}"} ${index % 4}\n`);
    }
    gatherer.retire(0);
    expect(writeText(gatherer.families())).to.contain('\ncalls_total{node="node 5999"} 5999\n');
  });

  it('writes the states of all metrics to each segment, and the latest to readers', () => {
    const registry = new SharedRegistry();
    const meter = new Meter(registry, small);
    meter.configure({ maxSeriesPerMetric: 100_000 });
    const gatherer = new Gatherer();
    meter.memory.follow(({ buffer }, index) => gatherer.add(0, buffer, index));
    meter.create({ name: 'early', kind: 'gauge', help: 'Early.' }).series().set(7);
    const calls = meter.create({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] });
    registry.setDefaultLabels({ region: 'eu' });
    for (let node = 0; meter.memory.segments.length < 3; node++) calls.series(`${node}`).inc();
    registry.setDefaultLabels({ region: 'us' });
    registry.removeSingleMetric('early');
    const text = writeText(gatherer.families());
    expect(text).to.contain('\ncalls_total{node="0",region="us"} 1\n');
    expect(text).not.to.contain('early');
  });

  it('can have the reset time and the exemplars of a series in a later segment', () => {
    const meter = new Meter(new SharedRegistry(), small);
    meter.configure({ maxSeriesPerMetric: 100_000 });
    const gatherer = new Gatherer();
    meter.memory.follow(({ buffer }, index) => gatherer.add(0, buffer, index));
    const calls = meter.create({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] });
    const other = meter.create({ name: 'other_total', kind: 'counter', help: 'Other.', labels: ['node'] });
    calls.series('first').inc();
    for (let node = 0; meter.memory.segments.length < 3; node++) other.series(`${node}`).inc();
    const read = () => [...(gatherer.family('calls_total')?.series ?? [])][0]!;
    const before = read().createdSeconds;
    calls.reset();
    calls.exemplify(calls.series('first'), 1, trace);
    expect(read().exemplar(0)?.labels).to.deep.equal({ trace_id: trace.traceId, span_id: trace.spanId });
    expect(read().createdSeconds).to.be.at.least(before);
    expect(read().cell(0)).to.equal(0);
  });

  it('notifies listeners of each segment, until they stop', () => {
    const memory = new SegmentChain({ maxSegmentBytes: 2 * PAGE_BYTES });
    const indices: number[] = [];
    const stop = memory.follow((_segment, index) => indices.push(index));
    const fill = (): void => {
      expect(memory.allocate(5_000, (cell) => ({ type: 'reset', metric: 0, cell }))).not.to.equal(undefined);
    };
    for (let segment = 0; segment < 3; segment++) fill();
    stop();
    fill();
    expect(indices).to.deep.equal([0, 1, 2]);
    expect(memory.segments).to.have.length(4);
  });

  for (const [allowed, reserved] of [
    [1_000, 256],
    [256, 256],
    [255, 64],
    [63, 16],
    [15, 4],
    [3, 1],
    [0.5, 1 / 16],
  ] as const) {
    it(`reserves ${reserved} MiB if ${allowed} MiB of address space is available`, () => {
      limitReservations(allowed * 2 ** 20);
      const { buffer } = new SegmentChain().segments[0]!;
      expect([buffer.byteLength, buffer.maxByteLength]).to.deep.equal([PAGE_BYTES, reserved * 2 ** 20]);
    });
  }

  it('counts failed allocations, and continues when memory is available again', async () => {
    const overflows: string[] = [];
    const meter = new Meter(new SharedRegistry(), { ...small, onOverflow: (metric) => overflows.push(metric) });
    const calls = meter.create({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] });
    calls.series('a').inc();
    exhaust(meter.memory);
    calls.series('b').inc();
    calls.series('c').inc();
    expect(overflows).to.deep.equal(['calls_total', 'calls_total']);
    restoreMemory();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const later = meter.create({ name: 'later_total', kind: 'counter', help: 'Later.', labels: ['node'] });
    later.series('a').inc(3);
    const gatherer = new Gatherer();
    meter.memory.follow(({ buffer }, index) => gatherer.add(0, buffer, index));
    const text = writeText(gatherer.families());
    expect(sampleValue(text, 'later_total', { node: 'a' })).to.equal(3);
    expect(sampleValue(text, 'calls_total', { node: 'a' })).to.equal(1);
  });

  describe('with removed series', () => {
    const labels = ['node'] as const;
    const describeCounter = (name: string) => describeCustomMetric({ name, help: 'Help.', kind: 'counter', labels });

    /** A chain with one metric per name, and a reader of the chain. */
    const setUp = (options: SegmentChainOptions = {}) => {
      const memory = new SegmentChain({ ...small, reuseMilliseconds: 0, ...options });
      const gatherer = new Gatherer();
      memory.follow(({ buffer }, index) => gatherer.add(0, buffer, index));
      const declare = (name: string) => new SharedStorage(memory, describeCounter(name));
      const samples = () =>
        parseText(writeText(gatherer.families())).flatMap((family) =>
          family.samples.map(({ name, labels, value }) => [name, labels.node, value]),
        );
      const add = (storage: SharedStorage, node: string, value: number) => {
        const slice = storage.add([node])!;
        slice.page[slice.offset] = value;
        return slice;
      };
      /** Starts another segment. */
      const fill = () => {
        const { length } = memory.segments;
        while (memory.segments.length === length) {
          memory.allocate(CELLS_PER_PAGE - 1, (cell) => ({ type: 'reset', metric: 1_000, cell }));
        }
      };
      return { memory, declare, add, samples, fill };
    };

    it('reuses cells for a new series, which starts at zero', () => {
      const { declare, add, samples } = setUp();
      const calls = declare('calls_total');
      const first = add(calls, 'a', 5);
      expect(samples()).to.deep.equal([['calls_total', 'a', 5]]);
      calls.remove(first);
      expect(samples()).to.deep.equal([]);
      expect(calls.add(['b'])).to.include({ offset: first.offset });
      expect(samples()).to.deep.equal([['calls_total', 'b', 0]]);
    });

    it('reuses no cells before the delay', () => {
      const { declare, add } = setUp({ reuseMilliseconds: 60_000 });
      const calls = declare('calls_total');
      const first = add(calls, 'a', 5);
      calls.remove(first);
      expect(add(calls, 'b', 1).offset).not.to.equal(first.offset);
    });

    it('serves a metric that was declared after the segment with the free cells', () => {
      const { declare, add, samples, fill } = setUp();
      const early = declare('early_total');
      const first = add(early, 'a', 1);
      fill();
      const late = declare('late_total');
      early.remove(first);
      add(late, 'b', 2);
      expect(samples()).to.deep.equal([['late_total', 'b', 2]]);
    });

    it('reads the removal of a series before a new series with the same labels', () => {
      for (const isReadBefore of [true, false]) {
        const { memory, declare, add, samples, fill } = setUp();
        const calls = declare('calls_total');
        const [other, first] = [add(calls, 'other', 1), add(calls, 'a', 1)];
        const [segment] = memory.segments;
        // The log of the first segment has room for a series, but not for a removal.
        fill();
        add(calls, 'z', 1);
        calls.remove(other);
        const filler = { type: 'removed', metric: 1_000, segment: 0, cell: 0 } as const;
        while (segment!.append(filler));
        if (isReadBefore) samples();
        calls.remove(first);
        add(calls, 'a', 3);
        expect(samples()).to.have.deep.members([
          ['calls_total', 'z', 1],
          ['calls_total', 'a', 3],
        ]);
      }
    });

    it('publishes a removal later if there is no memory for its record', async () => {
      const { memory, declare, add, samples } = setUp();
      const calls = declare('calls_total');
      const first = add(calls, 'a', 1);
      exhaust(memory);
      while (memory.segments.at(-1)!.append({ type: 'visible', metric: 0, visible: true }));
      calls.remove(first);
      expect(calls.add(['a'])).to.equal(undefined);
      restoreMemory();
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      add(calls, 'a', 2);
      expect(samples()).to.deep.equal([['calls_total', 'a', 2]]);
    });

    it('ignores cells outside the shared memory', () => {
      const { declare, add, samples } = setUp();
      const calls = declare('calls_total');
      add(calls, 'a', 1);
      const slice = { page: new Float64Array(3), offset: 1 };
      calls.remove(slice);
      expect(calls.exemplarSlot(slice, 0)).to.equal(undefined);
      expect(samples()).to.deep.equal([['calls_total', 'a', 1]]);
    });
  });
});
