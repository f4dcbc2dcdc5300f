import { expect } from 'chai';
import { followRegistry } from '../../../lib/core/aggregation/follow-registry.js';
import { GatheredExemplars } from '../../../lib/core/aggregation/gathered-exemplars.js';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { writeOpenMetrics } from '../../../lib/core/formats/openmetrics.js';
import { writeText } from '../../../lib/core/formats/text.js';
import { Histogram as CustomHistogram } from '../../../lib/core/metrics/custom/histogram.js';
import { ExemplarSlots } from '../../../lib/core/metrics/exemplar-slots.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { PAGE_BYTES } from '../../../lib/core/metrics/segment.js';
import { SegmentReader } from '../../../lib/core/metrics/segment-reader.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { createMetric } from '../../support/custom-metrics/compare-metrics.js';
import { ReusingRegistry } from '../../support/custom-metrics/reusing-registry.js';

const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

describe('GatheredExemplars', () => {
  /** Writes exemplars with these times into new shared memory; 0 stands for none. */
  const segmentWith = (...times: readonly number[]): SegmentReader => {
    const buffer = new SharedArrayBuffer(PAGE_BYTES);
    const slots = new ExemplarSlots({ page: new Float64Array(buffer), offset: 0 }, times.length);
    times.forEach((timestampSeconds, index) => {
      if (timestampSeconds > 0) slots.store(index, { ...trace, value: index, timestampSeconds });
    });
    return new SegmentReader(buffer);
  };
  const record = { type: 'exemplars', metric: 0, cell: 0, segment: 0, series: 0 } as const;
  const timesOf = (exemplars: GatheredExemplars) => [0, 1, 2].map((index) => exemplars.latest(index)?.timestampSeconds);

  it('is empty without segments', () => {
    expect(timesOf(new GatheredExemplars(3))).to.deep.equal([undefined, undefined, undefined]);
  });

  it('returns the latest exemplar of all segments, including removed ones', () => {
    const exemplars = new GatheredExemplars(3);
    const [first, second, third] = [segmentWith(10, 0, 30), segmentWith(20, 0, 20), segmentWith(15, 40, 0)];
    exemplars.add(record, first);
    exemplars.add(record, second);
    expect(timesOf(exemplars)).to.deep.equal([20, undefined, 30]);
    exemplars.retire(second);
    exemplars.retire(second);
    exemplars.retire(first);
    expect(timesOf(exemplars)).to.deep.equal([20, undefined, 30]);
    exemplars.add(record, third);
    expect(timesOf(exemplars)).to.deep.equal([20, 40, 30]);
    expect(exemplars.latest(1)?.labels).to.deep.equal({ trace_id: trace.traceId, span_id: trace.spanId });
    exemplars.remove(third);
    expect(timesOf(exemplars)).to.deep.equal([20, undefined, 30]);
  });

  it('appear only in OpenMetrics, also after the end of a thread', () => {
    const gatherer = new Gatherer();
    const [one, two] = [0, 1].map((number) => {
      const meter = new Meter(new SharedRegistry());
      gatherer.add(number, meter.memory.segments[0]!.buffer);
      return meter.create({ name: 'wait_seconds', kind: 'histogram', help: 'Wait.', labels: ['a'], buckets: [1] });
    });
    for (const wait of [one, two]) wait?.series('x').observe(0.5);
    two?.exemplify(two.series('x'), 0.5, trace);
    const bucket =
      /^wait_seconds_bucket\{a="x",le="1\.0"\} 2 # \{trace_id="0af7\w+",span_id="b7ad\w+"\} 0\.5 \d+(\.\d+)?$/m;
    expect(writeOpenMetrics(gatherer.families())).to.match(bucket);
    gatherer.retire(1);
    expect(writeOpenMetrics(gatherer.families())).to.match(bucket);
    expect(writeText(gatherer.families())).not.to.contain('trace_id');
  });

  it('have the labels of custom metrics, also after a removal in one thread and the end of another', () => {
    const gatherer = new Gatherer();
    const counters = [0, 1].map((number) => {
      const own = new ReusingRegistry();
      own.memory.follow(({ buffer }, index) => gatherer.add(number, buffer, index));
      return createMetric('Counter', { labelNames: ['node'], enableExemplars: true }, own.registry);
    });
    const inc = (thread: number, id: string) => {
      // The times of exemplars have a resolution of 1 ms.
      for (const before = Date.now(); Date.now() === before; );
      counters[thread]!.inc({ labels: { node: 'a' }, exemplarLabels: { id, thread } });
    };
    const read = () => [...gatherer.family('counter')!.series][0]?.exemplar(0)?.labels;
    inc(0, 'first');
    inc(1, 'second');
    expect(read()).to.deep.equal({ id: 'second', thread: '1' });
    counters[1]!.remove('a');
    expect(read()).to.deep.equal({ id: 'first', thread: '0' });
    inc(1, 'third');
    expect(read()).to.deep.equal({ id: 'third', thread: '1' });
    gatherer.retire(1);
    expect(read()).to.deep.equal({ id: 'third', thread: '1' });
    counters[0]!.remove('a');
    expect(read()).to.deep.equal({ id: 'third', thread: '1' });
  });

  it('of custom metrics have at most 128 characters, and are omitted if they take more than 488 bytes as JSON', () => {
    const [registry, gatherer] = [new SharedRegistry(), new Gatherer()];
    registry.setContentType(SharedRegistry.OPENMETRICS_CONTENT_TYPE as never);
    followRegistry(registry, gatherer);
    const facts = { name: 'wait_seconds', help: 'Wait.', buckets: [1], registers: [registry] };
    const wait = new CustomHistogram({ ...facts, enableExemplars: true });
    const observe = (traceId: string) => wait.observe({ value: 0.5, exemplarLabels: { trace_id: traceId } });
    const bucket = () => writeOpenMetrics(gatherer.families()).split('\n')[2];
    observe('a'.repeat(120));
    expect(bucket()).to.match(/^wait_seconds_bucket\{le="1.0"\} 1 # \{trace_id="a{120}"\} 0.5 [\d.]+$/);
    expect(() => observe('a'.repeat(121))).to.throw(RangeError, 'Label set size must be smaller than 128 UTF-8 chars');
    expect(bucket()).to.include('_bucket{le="1.0"} 1 #');
    // JSON takes six bytes for each of these characters.
    observe('\u0001'.repeat(120));
    expect(bucket()).to.equal('wait_seconds_bucket{le="1.0"} 2');
  });
});
