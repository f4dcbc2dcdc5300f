import { expect } from 'chai';
import fc from 'fast-check';
import { CELLS_PER_PAGE, PAGE_BYTES } from '../../../../lib/core/metrics/segment.js';
import { anyStep, MetricDriver } from '../../../support/custom-metrics/metric-driver.js';
import { ReplayedWorker } from '../../../support/custom-metrics/replayed-worker.js';
import { ReusingRegistry } from '../../../support/custom-metrics/reusing-registry.js';

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
