import { expect } from 'chai';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { ThreadSegments } from '../../../lib/core/aggregation/thread-segments.js';
import { writeOpenMetrics } from '../../../lib/core/formats/openmetrics.js';
import { writeText } from '../../../lib/core/formats/text.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { PAGE_BYTES } from '../../../lib/core/metrics/segment.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { sampleValue } from '../../support/parse-text.js';

describe('ThreadSegments', () => {
  const startThread = (buckets: readonly number[] = [1, 2]) => {
    const meter = new Meter(new SharedRegistry());
    const wait = { name: 'wait_seconds', kind: 'histogram', help: 'Wait.', labels: ['node'], buckets } as const;
    return { buffer: meter.memory.segments[0]!.buffer, wait: meter.create(wait) };
  };
  /** Creates the gatherer of a server that starts now. Its own thread declares these buckets. */
  const startServer = (threads: ThreadSegments, buckets: readonly number[]): Gatherer => {
    const gatherer = new Gatherer();
    gatherer.add(0, startThread(buckets).buffer);
    threads.follow(gatherer);
    return gatherer;
  };
  const scraped = (gatherer: Gatherer, name: string, labels: Record<string, string>) =>
    sampleValue(writeText(gatherer.families()), name, labels);

  it('keep separate sums of ended threads for different buckets', () => {
    const threads = new ThreadSegments();
    [[1, 2], [5], [1, 2], [5]].forEach((buckets, index) => {
      const { buffer, wait } = startThread(buckets);
      wait.series('a').observe(1.5);
      threads.add(index + 1, buffer);
      threads.retire(index + 1);
    });
    for (const [buckets, counts] of [
      [[1, 2], { 1: 0, 2: 2, '+Inf': 2 }],
      [[5], { 5: 2, '+Inf': 2 }],
    ] as const) {
      const server = startServer(threads, buckets);
      for (const [le, count] of Object.entries(counts)) {
        expect(scraped(server, 'wait_seconds_bucket', { node: 'a', le }), le).to.equal(count);
      }
      expect(scraped(server, 'wait_seconds_sum', { node: 'a' })).to.equal(3);
    }
  });

  it('return the latest exemplars of ended threads to servers that start later', () => {
    const threads = new ThreadSegments();
    const observations = [
      { value: 0.5, digit: '1' },
      { value: 1.5, digit: '2' },
      { value: 1.6, digit: '3' },
    ];
    observations.forEach(({ value, digit }, index) => {
      const { buffer, wait } = startThread([1, 2]);
      wait.series('a').observe(value);
      wait.exemplify(wait.series('a'), value, { traceId: digit.repeat(32), spanId: digit.repeat(16) });
      threads.add(index, buffer);
      threads.retire(index);
    });
    const text = writeOpenMetrics(startServer(threads, [1, 2]).families());
    expect(text).to.match(/le="1\.0"\} 1 # \{trace_id="1{32}",span_id="1{16}"\} 0\.5 /);
    expect(text).to.match(/le="2\.0"\} 3 # \{trace_id="3{32}",span_id="3{16}"\} 1\.6 /);
    expect(text).to.match(/le="\+Inf"\} 3$/m);
  });

  it('count a thread once if its segment is announced again after its end', () => {
    const threads = new ThreadSegments();
    const server = startServer(threads, [1, 2]);
    const { buffer, wait } = startThread([1, 2]);
    wait.series('a').observe(0.5);
    for (let time = 0; time < 2; time++) {
      threads.add(1, buffer);
      threads.retire(1);
    }
    for (const each of [server, startServer(threads, [1, 2])]) {
      expect(scraped(each, 'wait_seconds_count', { node: 'a' })).to.equal(1);
    }
  });

  describe('of a thread with several segments', () => {
    const startLarge = (nodes: number) => {
      const meter = new Meter(new SharedRegistry(), { maxSegmentBytes: 4 * PAGE_BYTES });
      meter.configure({ maxSeriesPerMetric: nodes });
      const calls = meter.create({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] });
      for (let node = 0; node < nodes; node++) calls.series(`${node}`).inc();
      const buffers = meter.memory.segments.map(({ buffer }) => buffer);
      expect(buffers.length).to.be.above(2);
      return { buffers, last: `${nodes - 1}` };
    };
    const count = (gatherer: Gatherer) =>
      writeText(gatherer.families()).match(/^calls_total\{node="\d+"\} 1$/gm)?.length;

    it('read all segments in any order, and keep their counts after the end of the thread', () => {
      const threads = new ThreadSegments();
      const server = startServer(threads, [1]);
      const { buffers } = startLarge(20_000);
      for (const index of [1, 0, 2]) threads.add(1, buffers[index]!, index);
      for (const [index, buffer] of buffers.entries()) threads.add(1, buffer, index);
      expect(count(server)).to.equal(20_000);
      threads.retire(1);
      expect(count(server)).to.equal(20_000);
      expect(count(startServer(threads, [1]))).to.equal(20_000);
    });

    it('count a segment once if it is announced repeatedly after the end', () => {
      const threads = new ThreadSegments();
      const server = startServer(threads, [1]);
      const { buffers } = startLarge(20_000);
      threads.add(1, buffers[0]!, 0);
      threads.retire(1);
      for (let time = 0; time < 2; time++) {
        for (const [index, buffer] of buffers.entries()) threads.add(1, buffer, index);
      }
      for (const each of [server, startServer(threads, [1])]) expect(count(each)).to.equal(20_000);
    });
  });

  it('store as much after 10,000 threads as after 10, and keep all counts', () => {
    const threads = new ThreadSegments();
    const server = startServer(threads, [1, 2]);
    // Reuse one segment for all threads, because allocating 10,000 segments would dominate the measurement.
    const { buffer, wait } = startThread([1, 2]);
    wait.series('a').observe(0.5);
    let after10 = 0;
    for (let thread = 1; thread <= 10_000; thread++) {
      threads.add(thread, buffer);
      threads.retire(thread);
      if (thread === 10) after10 = threads.rememberedCount;
    }
    expect(threads.rememberedCount).to.equal(after10);
    for (const each of [server, startServer(threads, [1, 2])]) {
      expect(scraped(each, 'wait_seconds_count', { node: 'a' })).to.equal(10_000);
    }
  });
});
