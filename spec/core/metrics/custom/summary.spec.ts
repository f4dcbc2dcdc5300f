import { createRequire } from 'node:module';
import { expect } from 'chai';
import { Summary as OriginalSummary, Registry } from 'prom-client';
import { followRegistry } from '../../../../lib/core/aggregation/follow-registry.js';
import { Gatherer } from '../../../../lib/core/aggregation/gatherer.js';
import { InvalidDescriptorError } from '../../../../lib/core/errors/errors.js';
import { writeOpenMetrics } from '../../../../lib/core/formats/openmetrics.js';
import { writeText } from '../../../../lib/core/formats/text.js';
import { type QuantileWindow, SummaryMetric } from '../../../../lib/core/metrics/custom/summary.js';
import { SharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';
import { updateMetrics } from '../../../../lib/core/metrics/update-metrics.js';

/** prom-client's own window, so that the results can be compared. */
const OriginalWindow = createRequire(import.meta.url)('prom-client/lib/timeWindowQuantiles.js') as new (
  maxAgeSeconds?: number,
  ageBuckets?: number,
) => QuantileWindow;

const facts = { name: 'wait_seconds', help: 'Wait.', labelNames: ['queue'], percentiles: [0.5, 0.9] } as const;

describe('SummaryMetric', () => {
  let registry: SharedRegistry;
  let gatherer: Gatherer;

  beforeEach(() => {
    registry = new SharedRegistry();
    gatherer = new Gatherer();
    followRegistry(registry, gatherer);
  });

  const create = (options: object = {}) =>
    new SummaryMetric({ ...facts, registers: [registry], ...options }, () => new OriginalWindow());
  const createOriginal = (options: object = {}) =>
    new OriginalSummary({
      ...facts,
      labelNames: ['queue'],
      percentiles: [0.5, 0.9],
      registers: [new Registry()],
      ...options,
    });

  it("returns the same values and texts of errors as prom-client's summary", async () => {
    const results = [];
    for (const summary of [create(), createOriginal()]) {
      const errors: string[] = [];
      const attempt = (work: () => void) => {
        try {
          work();
        } catch (error) {
          errors.push(String(error));
        }
      };
      for (let value = 1; value <= 100; value++) summary.observe({ queue: 'a' }, value);
      summary.labels('b').observe(5);
      summary.labels({ queue: 'c' }).observe(7);
      summary.remove('c');
      attempt(() => summary.observe({ other: 'x' } as never, 1));
      attempt(() => summary.labels('x', 'y'));
      attempt(() => summary.observe({ queue: 'a' }, Number.NaN));
      attempt(() => summary.observe({ queue: 'a' }, '5' as never));
      const before = await summary.get();
      summary.reset();
      results.push({ errors, before, after: await summary.get() });
    }
    expect(results[0]).to.deep.equal(results[1]);
  });

  it('rejects the label quantile with the text of prom-client, and quantiles outside 0 to 1', () => {
    expect(() => create({ labelNames: ['quantile'] })).to.throw('quantile is a reserved label keyword');
    expect(() => create({ percentiles: [0.5, 1.5] })).to.throw(InvalidDescriptorError, 'the quantile 1.5; expected');
    expect(() => create({ percentiles: [0.5, 0.5] })).to.throw(InvalidDescriptorError, 'a duplicate quantile');
  });

  it('has current counts and sums in shared memory, and the quantiles of the last update', async () => {
    const summary = create();
    summary.observe({ queue: 'a' }, 3);
    await updateMetrics(registry);
    summary.observe({ queue: 'a' }, 10);
    expect(writeText(gatherer.families())).to.equal(
      [
        '# HELP wait_seconds Wait.',
        '# TYPE wait_seconds summary',
        'wait_seconds{queue="a",quantile="0.5"} 3',
        'wait_seconds{queue="a",quantile="0.9"} 3',
        'wait_seconds_sum{queue="a"} 13',
        'wait_seconds_count{queue="a"} 2',
        '',
      ].join('\n'),
    );
    await updateMetrics(registry);
    expect(writeOpenMetrics(gatherer.families())).to.include('wait_seconds{queue="a",quantile="0.9"} 10\n');
  });

  it('omits negative quantiles and their sums in OpenMetrics', async () => {
    create().observe({ queue: 'a' }, -3);
    await updateMetrics(registry);
    expect(writeOpenMetrics(gatherer.families())).to.equal('# TYPE wait_seconds summary\n# HELP wait_seconds Wait.\n');
    expect(writeText(gatherer.families())).to.include('wait_seconds_sum{queue="a"} -3\n');
  });

  it('sums the counts of threads, and has the largest quantile of the live ones', async () => {
    const other = new SharedRegistry();
    const [one, two] = [create(), create({ registers: [other] })];
    other.memory.forCustomMetrics().follow(({ buffer }, index) => gatherer.add(7, buffer, index));
    one.observe({ queue: 'a' }, 1);
    two.observe({ queue: 'a' }, 4);
    await Promise.all([registry, other].map((each) => updateMetrics(each)));
    expect(writeText(gatherer.families())).to.include('quantile="0.5"} 4\n').and.include('_sum{queue="a"} 5\n');
    gatherer.retire(7);
    expect(writeText(gatherer.families())).to.include('quantile="0.5"} 1\n').and.include('_sum{queue="a"} 5\n');
    one.remove('a');
    expect(writeText(gatherer.families())).to.include('quantile="0.5"} NaN\n').and.include('_sum{queue="a"} 4\n');
  });

  it('removes series without recent values with pruneAgedBuckets', async () => {
    const windows: QuantileWindow[] = [];
    const summary = new SummaryMetric({ ...facts, registers: [registry], pruneAgedBuckets: true }, () => {
      const window = new OriginalWindow();
      windows.push(window);
      return window;
    });
    summary.observe({ queue: 'a' }, 1);
    summary.observe({ queue: 'b' }, 2);
    windows[0]!.reset();
    await updateMetrics(registry);
    expect(writeText(gatherer.families())).to.include('queue="b"').and.not.include('queue="a"');
  });

  it('has a series without labels from the start', async () => {
    const summary = create({ labelNames: [] });
    expect((await summary.get()).values.map(({ value }) => value)).to.deep.equal([0, 0, 0, 0]);
    summary.observe(2);
    summary.startTimer()();
    expect((await summary.get()).values.at(-1)).to.deep.include({ metricName: 'wait_seconds_count', value: 2 });
  });
});
