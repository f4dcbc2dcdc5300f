import { expect } from 'chai';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { SegmentReader } from '../../../lib/core/metrics/segment-reader.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { exhaust, restoreMemory } from '../../support/exhaust-memory.js';

const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const labels = { trace_id: trace.traceId, span_id: trace.spanId };

function setUp() {
  const meter = new Meter(new SharedRegistry());
  const calls = meter.create({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] });
  const wait = meter.create({
    ...{ name: 'wait_seconds', kind: 'histogram', help: 'Wait.', labels: ['node'], buckets: [1, 2] },
  });
  const reader = new SegmentReader(meter.memory.segments[0]!.buffer);
  const gatherer = new Gatherer();
  gatherer.add(0, meter.memory.segments[0]!.buffer);
  const read = (name: string, index: number, node = 'a') =>
    [...(gatherer.family(name)?.series ?? [])].find(({ labelValues }) => labelValues[0] === node)?.exemplar(index);
  const rooms = () => [...reader.newRecords()].filter(({ type }) => type === 'exemplars').length;
  return { meter, calls, wait, read, rooms };
}

describe('ExemplarStore', () => {
  afterEach(restoreMemory);

  it('allocates no memory for a series without exemplars, and allocates once for other series', () => {
    const { calls, rooms, wait } = setUp();
    wait.series('a').observe(1);
    wait.exemplify(wait.series('a'), 1, undefined);
    calls.series('a').inc();
    expect(rooms()).to.equal(0);
    for (const value of [0.5, 1.5, 1.6]) wait.exemplify(wait.series('a'), value, trace);
    expect(rooms()).to.equal(1);
    wait.exemplify(wait.series('b'), 1, trace);
    expect(rooms()).to.equal(1);
  });

  it('keeps the latest exemplar of each bucket', () => {
    const { read, wait } = setUp();
    const before = Date.now() / 1_000;
    for (const value of [1, 1.5, 2, 2.5, 7]) wait.exemplify(wait.series('a'), value, trace);
    expect([0, 1, 2].map((bucket) => read('wait_seconds', bucket)?.value)).to.deep.equal([1, 2, 7]);
    expect(read('wait_seconds', 0)?.labels).to.deep.equal(labels);
    expect(read('wait_seconds', 0)?.timestampSeconds).to.be.within(before, Date.now() / 1_000);
    expect(read('wait_seconds', 0, 'b')).to.equal(undefined);
  });

  it('keeps the latest exemplar of a counter', () => {
    const { calls, read } = setUp();
    calls.exemplify(calls.series('a'), 1, trace);
    calls.exemplify(calls.series('a'), 2, { ...trace, spanId: '1'.repeat(16) });
    expect(read('calls_total', 0)).to.deep.include({ value: 2, labels: { ...labels, span_id: '1'.repeat(16) } });
  });

  it('removes exemplars when the counts are reset', () => {
    const { calls, read, wait } = setUp();
    calls.exemplify(calls.series('a'), 1, trace);
    wait.exemplify(wait.series('a'), 1, trace);
    calls.reset();
    expect(read('calls_total', 0)).to.equal(undefined);
    expect(read('wait_seconds', 0)).not.to.equal(undefined);
  });

  it('stores none for an excluded metric', () => {
    const { calls, meter, rooms } = setUp();
    meter.configure({ exclude: ['calls_total'] });
    calls.exemplify(calls.series('a'), 1, trace);
    expect(rooms()).to.equal(0);
  });

  it('stores exemplars for the overflow series', () => {
    const { calls, meter, read } = setUp();
    meter.configure({ maxSeriesPerMetric: 1 });
    for (const node of ['a', 'b', 'c']) calls.exemplify(calls.series(node), 1, trace);
    expect(read('calls_total', 0, 'other')).to.deep.include({ labels });
  });

  it('counts a value even if there is no memory for its exemplar', () => {
    const { calls, meter, read, rooms } = setUp();
    calls.series('a').inc();
    exhaust(meter.memory);
    calls.exemplify(calls.series('a'), 1, trace);
    calls.series('a').inc();
    expect([rooms(), read('calls_total', 0)]).to.deep.equal([0, undefined]);
    expect(calls.series('a').page[calls.series('a').offset]).to.equal(2);
  });
});
