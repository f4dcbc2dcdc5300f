import { expect } from 'chai';
import fc from 'fast-check';
import { PAGE_BYTES } from '../../../../lib/core/metrics/segment.js';
import { createMetric } from '../../../support/custom-metrics/compare-metrics.js';
import { endOfTurn } from '../../../support/custom-metrics/end-of-turn.js';
import { ReusingRegistry } from '../../../support/custom-metrics/reusing-registry.js';

/** The latest exemplars of all series in a scrape: the label `id` of each bucket, by the labels of the series. */
function exemplarsOf({ gatherer }: ReusingRegistry, name: string): Record<string, (string | undefined)[]> {
  const family = gatherer.family(name);
  const count = (family?.descriptor.buckets.length ?? 0) + 1;
  const all = [...(family?.series ?? [])].map((series): [string, (string | undefined)[]] => [
    series.labelValues.join(),
    Array.from({ length: count }, (_, index) => series.exemplar(index)?.labels.id),
  ]);
  return Object.fromEntries(all);
}

const node = fc.constantFrom('a', 'b', 'c');
const anyStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('observe' as const), node, value: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('exemplar' as const), node, value: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('remove' as const, 'zero' as const), node }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('reset' as const, 'rejoin' as const, 'read' as const) }) },
);

describe('SharedStorage', () => {
  it('has the latest exemplars of each series, for any order of calls and removals', async () => {
    // With 62 buckets, a series has as many cells as an exemplar, so each can use the cells of the other.
    for (const buckets of [[0, 1, 2], Array.from({ length: 62 }, (_, index) => index)]) {
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { maxLength: 60, size: 'max' }), async (steps) => {
          const own = new ReusingRegistry({ maxSegmentBytes: 4 * PAGE_BYTES });
          const options = { labelNames: ['node'], buckets, enableExemplars: true };
          const histogram = createMetric('Histogram', options, own.registry);
          const model = new Map<string, (string | undefined)[]>();
          const empty = () => Array.from({ length: buckets.length + 1 }, () => undefined);
          const expectEqual = async () => {
            await endOfTurn();
            expect(exemplarsOf(own, 'histogram')).to.deep.equal(Object.fromEntries(model));
          };
          for (const [index, step] of steps.entries()) {
            if ('value' in step) {
              const labels = { node: step.node };
              const past = model.get(step.node) ?? empty();
              model.set(step.node, past);
              const exemplarLabels = step.type === 'exemplar' ? { id: `${index}` } : {};
              if (step.type === 'exemplar') past[step.value] = `${index}`;
              histogram.observe({ labels, value: step.value, exemplarLabels });
            } else if ('node' in step) {
              histogram[step.type]({ node: step.node });
              model.delete(step.node);
              if (step.type === 'zero') model.set(step.node, empty());
            } else if (step.type === 'reset') {
              histogram.reset();
              model.clear();
            } else if (step.type === 'rejoin') {
              own.registry.removeSingleMetric('histogram');
              own.registry.registerMetric(histogram);
            } else await expectEqual();
          }
          await expectEqual();
        }),
        { numRuns: 60 },
      );
    }
  });

  it('has no exemplars after a reset of a metric without labels, in a scrape as in `get`', async () => {
    const own = new ReusingRegistry();
    const counter = createMetric('Counter', { enableExemplars: true }, own.registry);
    counter.inc({ exemplarLabels: { id: '1' } });
    expect(exemplarsOf(own, 'counter')).to.deep.equal({ '': ['1'] });
    counter.reset();
    expect(exemplarsOf(own, 'counter')).to.deep.equal({ '': [undefined] });
    expect((await counter.get()).values).to.deep.equal([{ labels: {}, value: 0 }]);
    counter.inc({ exemplarLabels: { id: '2' } });
    expect(exemplarsOf(own, 'counter')).to.deep.equal({ '': ['2'] });
  });

  it('serves exemplars with valid labels only, and with text values', () => {
    const own = new ReusingRegistry();
    const options = { name: 'calls_total', labelNames: ['node'], enableExemplars: true };
    const counter = createMetric('Counter', options, own.registry);
    const exemplarLabels = { a: 1, 'b-c': 'x', d: 'lone \ud800' };
    counter.inc({ labels: { node: 'a' }, value: 2, exemplarLabels });
    expect(own.openMetrics).to.match(/^calls_total\{node="a"\} 2 # \{a="1",d="lone \ufffd"\} 2 [\d.]+$/m);
    expect(own.text).to.contain('\ncalls_total{node="a"} 2\n');
  });

  it('updates the creation time at a reset and for a series that is created again', async () => {
    const own = new ReusingRegistry();
    const counter = createMetric('Counter', {}, own.registry);
    const calls = createMetric('Counter', { name: 'calls_total', labelNames: ['node'] }, own.registry);
    calls.inc({ node: 'a' });
    const created = (name: string) => [...own.gatherer.family(name)!.series][0]!.createdSeconds;
    const names = ['counter', 'calls_total'];
    const before = names.map(created);
    // The clock for creation times has a resolution of 1 ms.
    while (Date.now() / 1_000 <= Math.max(...before)) await new Promise(setImmediate);
    counter.reset();
    calls.remove('a');
    calls.inc({ node: 'a' });
    names.map(created).forEach((seconds, index) => {
      expect(seconds).to.be.above(before[index]!);
    });
  });
});
