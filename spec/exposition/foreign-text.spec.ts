import { expect } from 'chai';
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { type ForeignMetric, writeForeignText } from '../../lib/exposition/foreign-text.js';
import { parseText, sampleValue } from '../support/parse-text.js';

describe('writeForeignText', () => {
  const registers = [new Registry()];
  const write = (metric: unknown, name: string, defaults = {}) =>
    writeForeignText({ name, metric: metric as ForeignMetric['metric'] }, defaults);

  beforeEach(() => registers[0]?.clear());

  it('writes every kind of metric prom-client has as prom-client does', async () => {
    const common = { help: 'A \\ B\nC.', labelNames: ['job'], registers };
    const counter = new Counter({ ...common, name: 'jobs_total' });
    const gauge = new Gauge({ ...common, name: 'level' });
    const histogram = new Histogram({ ...common, name: 'wait_seconds', buckets: [1, 2] });
    const summary = new Summary({ ...common, name: 'size_bytes', percentiles: [0.5, 0.9] });
    counter.inc({ job: 'a "b"\n' }, 2);
    gauge.set({ job: 'c' }, Number.POSITIVE_INFINITY);
    histogram.observe({ job: 'd\\' }, 1.5);
    summary.observe({ job: 'e' }, 7);
    for (const [metric, name] of [
      ...([
        [counter, 'jobs_total'],
        [gauge, 'level'],
        [histogram, 'wait_seconds'],
        [summary, 'size_bytes'],
      ] as const),
    ]) {
      const theirs = await registers[0]!.getSingleMetricAsString(name);
      const inOrder = (text: string) =>
        parseText(text).map((family) => ({ ...family, samples: new Set(family.samples) }));
      expect(inOrder(await write(metric, name))).to.deep.equal(inOrder(`${theirs}\n`));
    }
  });

  it('writes it under the name it was registered with, and NaN as the format spells it', async () => {
    const gauge = new Gauge({ name: 'level_total', help: 'Level.', registers });
    gauge.set(Number.NaN);
    Object.assign(gauge, { name: 'level' });
    expect(await write(gauge, 'level_total')).to.equal(
      '# HELP level_total Level.\n# TYPE level_total gauge\nlevel_total NaN\n',
    );
  });

  it('adds default labels, which do not win', async () => {
    const counter = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['job'], registers });
    counter.inc({ job: 7 });
    const text = await write(counter, 'jobs_total', { zone: 'z', job: 'x' });
    expect(sampleValue(text, 'jobs_total', { job: '7', zone: 'z' })).to.equal(1);
  });

  it('says in a comment that a metric could not be collected', async () => {
    const gauge = new Gauge({
      ...{ name: 'level', help: 'Level.', registers },
      collect() {
        throw new Error('no\nlevel');
      },
    });
    expect(await write(gauge, 'level')).to.equal('# The metric level could not be collected.\n');
  });
});
