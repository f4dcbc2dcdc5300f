import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { followRegistry } from '../../../../lib/core/aggregation/follow-registry.js';
import { Gatherer } from '../../../../lib/core/aggregation/gatherer.js';
import { Counter } from '../../../../lib/core/metrics/custom/counter.js';
import { Gauge } from '../../../../lib/core/metrics/custom/gauge.js';
import { CELLS_PER_PAGE, PAGE_BYTES } from '../../../../lib/core/metrics/segment.js';
import { SegmentReader } from '../../../../lib/core/metrics/segment-reader.js';
import { SharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';
import { anyStep, MetricDriver } from '../../../support/custom-metrics/metric-driver.js';
import { ReplayedWorker } from '../../../support/custom-metrics/replayed-worker.js';
import { ReusingRegistry } from '../../../support/custom-metrics/reusing-registry.js';
import { registryText } from '../../../support/registry-text.js';

const step = fc.oneof(
  { weight: 20, arbitrary: anyStep({ relabels: true }) },
  fc.constantFrom('read' as const, 'read' as const, 'fill cells' as const, 'fill log' as const),
);

/** Uses up the memory of the last segment, so that the next series or the next record needs another segment. */
function fill({ memory }: ReusingRegistry, what: 'fill cells' | 'fill log'): void {
  const last = memory.segments.at(-1)!;
  const record = { type: 'reset', metric: 1_000_000, cell: 0 } as const;
  if (what === 'fill log') while (last.append(record));
  else while (last.allocate(CELLS_PER_PAGE - 1, () => record) !== undefined);
}

describe('the series of a custom metric', () => {
  for (const kind of ['Counter', 'Gauge', 'Histogram'] as const) {
    it(`equal a model of a ${kind.toLowerCase()} in \`get\`, in a scrape and in the primary of a cluster`, async () => {
      const steps = fc.array(step, { maxLength: 80, size: 'max' });
      await fc.assert(
        fc.asyncProperty(steps, async (all) => {
          const own = new ReusingRegistry({ maxSegmentBytes: 3 * PAGE_BYTES });
          const driver = new MetricDriver(kind, own.registry);
          const primary = new ReplayedWorker(own.registry);
          const expectEqual = async () => {
            const { samples } = driver.model;
            expect(await driver.read(), 'get').to.deep.equal(samples);
            expect(own.samples, 'scrape').to.deep.equal(samples);
            primary.report();
            expect(primary.samples, 'primary').to.deep.equal(samples);
          };
          for (const one of all) {
            if (one === 'read') await expectEqual();
            else if (typeof one === 'string') fill(own, one);
            else driver.apply(one);
          }
          await expectEqual();
        }),
        { numRuns: 150 },
      );
    });
  }
});

describe('a reset of a custom metric', () => {
  const setUp = () => {
    const registry = new SharedRegistry();
    const gauge = new Gauge({ name: 'jobs', help: 'Jobs.', labelNames: ['kind'], registers: [registry] });
    const fill = (value: number, kinds: readonly string[]) => {
      gauge.reset();
      for (const kind of kinds) gauge.set({ kind }, value);
    };
    return { registry, gauge, fill, logged: recordCounter(registry) };
  };

  it('adds nothing to the log if the series get new values in the same turn', async () => {
    const { fill, logged } = setUp();
    fill(1, ['a', 'b']);
    const before = logged();
    for (let round = 0; round < 100; round++) {
      fill(round, ['a', 'b']);
      await Promise.resolve();
    }
    expect(logged()).to.equal(before);
  });

  it('removes the other series at the end of the turn, and shows no reader a partly filled metric', async () => {
    const { registry, gauge, fill } = setUp();
    fill(1, ['a', 'b']);
    gauge.reset();
    gauge.set({ kind: 'b' }, 2);
    expect(valuesIn(registry)).to.deep.equal(['jobs{kind="a"} 1', 'jobs{kind="b"} 2']);
    expect((await gauge.get()).values).to.deep.equal([{ value: 2, labels: { kind: 'b' } }]);
    expect(valuesIn(registry)).to.deep.equal(['jobs{kind="b"} 2']);
  });

  it('starts counters at zero, and updates their creation time', async () => {
    const registry = new SharedRegistry();
    const counter = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['kind'], registers: [registry] });
    const bound = counter.labels('a');
    bound.inc(5);
    const gatherer = new Gatherer();
    followRegistry(registry, gatherer);
    const created = () => [...gatherer.family('jobs_total')!.series].map(({ createdSeconds }) => createdSeconds);
    const [before = 0] = created();
    await sleep(5);
    counter.reset();
    bound.inc(2);
    await Promise.resolve();
    expect(valuesIn(registry)).to.deep.equal(['jobs_total{kind="a"} 2']);
    expect(created()[0]).to.be.above(before);
  });

  it('keeps the series that get values after several resets, and those of a metric that changes its registry', async () => {
    const { registry, gauge, fill } = setUp();
    fill(1, ['a', 'b']);
    gauge.reset();
    fill(3, ['b', 'c']);
    registry.removeSingleMetric('jobs');
    registry.registerMetric(gauge);
    await Promise.resolve();
    expect(valuesIn(registry)).to.deep.equal(['jobs{kind="b"} 3', 'jobs{kind="c"} 3']);
  });
});

function valuesIn(registry: SharedRegistry): string[] {
  return registryText(registry)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Returns a function that returns the number of records in the registry's log. */
function recordCounter(registry: SharedRegistry): () => number {
  const reader = new SegmentReader(registry.memory.forCustomMetrics().segments[0]!.buffer);
  let count = 0;
  return () => {
    count += [...reader.newRecords()].length;
    return count;
  };
}
