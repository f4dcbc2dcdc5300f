import { expect } from 'chai';
import fc from 'fast-check';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { writeForeign } from '../../../lib/core/formats/foreign.js';
import type { ForeignMetric } from '../../../lib/core/formats/foreign-metric.js';
import { FORMATS } from '../../../lib/core/formats/formats.js';
import { openMetricsFormat } from '../../../lib/core/formats/openmetrics.js';
import { textFormat } from '../../../lib/core/formats/text.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { anyForeignMetrics, hostileData } from '../../support/hostile-metrics.js';
import { parseOpenMetrics } from '../../support/parse-openmetrics.js';
import { parseText, sampleValue } from '../../support/parse-text.js';

describe('writeForeign', () => {
  const registers = [new Registry()];
  const write = async (metric: unknown, name: string, defaults = {}) =>
    (await writeForeign([{ name, metric: metric as ForeignMetric['metric'] }], textFormat, { defaultLabels: defaults }))
      .text;

  beforeEach(() => registers[0]?.clear());

  it('writes every kind of prom-client metric like prom-client', async () => {
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

  it('writes a metric under its registered name, and NaN as the format requires', async () => {
    const gauge = new Gauge({ name: 'level_total', help: 'Level.', registers });
    gauge.set(Number.NaN);
    Object.assign(gauge, { name: 'level' });
    expect(await write(gauge, 'level_total')).to.equal(
      '# HELP level_total Level.\n# TYPE level_total gauge\nlevel_total NaN\n',
    );
  });

  it('adds default labels, with lower priority', async () => {
    const counter = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['job'], registers });
    counter.inc({ job: 7 });
    const text = await write(counter, 'jobs_total', { zone: 'z', job: 'x' });
    expect(sampleValue(text, 'jobs_total', { job: '7', zone: 'z' })).to.equal(1);
  });

  it('writes a comment if a metric could not be collected', async () => {
    const gauge = new Gauge({
      ...{ name: 'level', help: 'Level.', registers },
      collect() {
        throw new Error('no\nlevel');
      },
    });
    expect(await write(gauge, 'level')).to.equal('# The metric level could not be collected.\n');
    const metric = gauge as unknown as ForeignMetric['metric'];
    expect((await writeForeign([{ name: 'level', metric }], textFormat)).failed).to.deep.equal(['level']);
  });

  describe('in OpenMetrics', () => {
    const registry = new SharedRegistry();
    const writeAll = async (defaults = {}) => {
      const metrics = registry.getMetricsAsArray().map((metric) => ({
        ...{ name: registry.nameOf(metric as never), metric: metric as unknown as ForeignMetric['metric'] },
      }));
      const { text, failed } = await writeForeign(metrics, openMetricsFormat, { defaultLabels: defaults });
      return { families: parseOpenMetrics(text + openMetricsFormat.end), failed };
    };
    const common = { help: 'A "B"\nC.', registers: [registry] };

    beforeEach(() => {
      registry.clear();
      registry.setContentType(Registry.PROMETHEUS_CONTENT_TYPE);
    });

    it('writes every kind of prom-client metric', async () => {
      const labelNames = ['job'];
      new Counter({ ...common, labelNames, name: 'jobs_total' }).inc({ job: 'a "b"\n' }, 2);
      new Gauge({ ...common, labelNames, name: 'level' }).set({ job: 'c' }, Number.NEGATIVE_INFINITY);
      new Histogram({ ...common, labelNames, name: 'wait_seconds', buckets: [0.5, 2] }).observe({ job: 'd\\' }, 1.5);
      new Summary({ ...common, labelNames, name: 'size_bytes', percentiles: [0.5, 1] }).observe({ job: 'e' }, 7);
      const { families, failed } = await writeAll({ zone: 'z', le: 'x', quantile: 'y' });
      expect(failed).to.deep.equal([]);
      expect(families.map(({ name, type, help }) => [name, type, help])).to.deep.equal([
        ['jobs', 'counter', common.help],
        ['level', 'gauge', common.help],
        ['wait_seconds', 'histogram', common.help],
        ['size_bytes', 'summary', common.help],
      ]);
      const inEach = { zone: 'z', le: 'x', quantile: 'y' };
      const { le: _, ...inHistogram } = { ...inEach, job: 'd\\' };
      const { quantile: __, ...inSummary } = { ...inEach, job: 'e' };
      expect(families.map(({ samples }) => samples)).to.deep.equal([
        [{ name: 'jobs_total', labels: { job: 'a "b"\n', ...inEach }, value: 2 }],
        [{ name: 'level', labels: { job: 'c', ...inEach }, value: Number.NEGATIVE_INFINITY }],
        [
          ...[0, 1, 1].map((value, index) => ({
            ...{ name: 'wait_seconds_bucket', value },
            labels: { ...inHistogram, le: ['0.5', '2.0', '+Inf'][index] },
          })),
          { name: 'wait_seconds_sum', labels: inHistogram, value: 1.5 },
          { name: 'wait_seconds_count', labels: inHistogram, value: 1 },
        ],
        [
          ...['0.5', '1.0'].map((quantile) => ({ name: 'size_bytes', labels: { ...inSummary, quantile }, value: 7 })),
          { name: 'size_bytes_sum', labels: inSummary, value: 7 },
          { name: 'size_bytes_count', labels: inSummary, value: 1 },
        ],
      ]);
    });

    it('keeps the name of a counter without _total, and therefore writes it without a type', async () => {
      const counter = new Counter({ ...common, name: 'jobs' });
      counter.inc(3);
      const { families } = await writeAll();
      const samples = [{ name: 'jobs', labels: {}, value: 3 }];
      expect(families).to.deep.equal([{ name: 'jobs', type: 'unknown', unit: '', help: common.help, samples }]);
      expect(parseText(await write(counter, 'jobs'))[0]).to.deep.include({ type: 'counter', samples });
    });

    it('writes exemplars of counters and buckets', async () => {
      registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
      const withExemplars = { ...common, enableExemplars: true };
      const exemplarLabels = { trace_id: 'a"b' };
      new Counter({ ...withExemplars, name: 'jobs_total' }).inc({ value: 2, exemplarLabels });
      new Counter({ ...withExemplars, name: 'jobs' }).inc({ value: 2, exemplarLabels });
      const histogram = new Histogram({ ...withExemplars, name: 'wait_seconds', buckets: [1, 2] });
      for (const value of [1.5, 3]) histogram.observe({ value, exemplarLabels });
      const { families } = await writeAll();
      const found = families.flatMap(({ samples }) => samples.filter(({ exemplar }) => exemplar !== undefined));
      expect(found.map(({ name, labels }) => [name, labels.le])).to.deep.equal([
        ['jobs_total', undefined],
        ['wait_seconds_bucket', '2.0'],
        ['wait_seconds_bucket', '+Inf'],
      ]);
      expect(found.map(({ exemplar }) => exemplar?.value)).to.deep.equal([2, 1.5, 3]);
      for (const { exemplar } of found) {
        expect(exemplar?.labels).to.deep.equal(exemplarLabels);
        expect(exemplar?.timestampSeconds).to.be.closeTo(Date.now() / 1_000, 60);
      }
      for (const metric of registry.getMetricsAsArray()) {
        const text = await write(metric, registry.nameOf(metric as never));
        expect(() => parseText(text)).to.not.throw();
      }
    });

    it('omits samples that the rules of a type forbid', async () => {
      new Counter({ ...common, name: 'jobs_total' }).inc(Number.NaN);
      new Histogram({ ...common, name: 'drift_seconds', buckets: [-1, 1] }).observe(0.5);
      new Histogram({ ...common, name: 'wait_seconds', buckets: [1] }).observe(-0.5);
      new Summary({ ...common, name: 'degrees', percentiles: [0.5] }).observe(-7);
      const { families, failed } = await writeAll();
      expect(failed).to.deep.equal([]);
      expect(families.map(({ name, samples }) => [name, ...samples.map((sample) => sample.name)])).to.deep.equal([
        ['jobs'],
        ['drift_seconds', ...Array(3).fill('drift_seconds_bucket')],
        ['wait_seconds', ...Array(2).fill('wait_seconds_bucket')],
        ['degrees'],
      ]);
    });

    it('writes a counter without a type if another metric has the name of its family, and reports omitted metrics', async () => {
      new Counter({ ...common, name: 'requests_total' }).inc(1);
      new Gauge({ ...common, name: 'requests' }).set(2);
      new Histogram({ ...common, name: 'wait', buckets: [1] }).observe(1);
      new Gauge({ ...common, name: 'wait_count' }).set(3);
      const { families, failed } = await writeAll();
      expect(families.map(({ name, type }) => [name, type])).to.deep.equal([
        ['requests_total', 'unknown'],
        ['requests', 'gauge'],
        ['wait', 'histogram'],
      ]);
      expect(failed).to.deep.equal(['wait_count']);
    });

    it('omits and reports a metric that cannot be collected', async () => {
      const collect = () => Promise.reject(new Error('no'));
      new Gauge({ ...common, name: 'broken', collect });
      new Gauge({ ...common, name: 'level' }).set(1);
      const { families, failed } = await writeAll();
      expect(families.map(({ name }) => name)).to.deep.equal(['level']);
      expect(failed).to.deep.equal(['broken']);
    });

    it('omits and reports an object that returns no metric', async () => {
      const results: unknown[] = [undefined, null, {}, { type: 'gauge', values: 7 }, { type: 'gauge', values: [null] }];
      const metrics = results.map((data, index) => ({
        ...{ name: `m${index}`, metric: { get: () => data } as ForeignMetric['metric'] },
      }));
      for (const format of [textFormat, openMetricsFormat]) {
        const { text, failed } = await writeForeign(metrics, format);
        expect(failed).to.include.members(['m0', 'm1', 'm3', 'm4']);
        if (format === openMetricsFormat) expect(() => parseOpenMetrics(text + format.end)).to.not.throw();
        else expect(() => parseText(text)).to.not.throw();
      }
    });

    it("writes prom-client's default metrics, independent of the format of the last scrape", async () => {
      collectDefaultMetrics({ register: registry });
      const names = async () => (await writeAll({ zone: 'z' })).families.map(({ name }) => name);
      const before = await names();
      expect(before).to.include.members(['process_cpu_seconds', 'nodejs_gc_duration_seconds', 'nodejs_version_info']);
      registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
      await registry.metrics();
      expect(await names()).to.deep.equal(before);
    });
  });

  describe('next to healthy metrics', () => {
    const formats = { text: textFormat, openmetrics: openMetricsFormat } as const;
    const read = (format: keyof typeof formats, text: string) =>
      format === 'text' ? parseText(text) : parseOpenMetrics(text + openMetricsFormat.end);
    const healthy = () => {
      const registers = [new Registry()];
      const help = 'Healthy.';
      new Gauge({ name: 'healthy', help, registers }).set(1);
      new Counter({ name: 'jobs_total', help, labelNames: ['job'], registers }).inc({ job: 'a' });
      new Histogram({ name: 'wait_seconds', help, buckets: [1], registers }).observe(0.5);
      new Summary({ name: 'size_bytes', help, percentiles: [0.5], registers }).observe(1);
      return registers[0]!.getMetricsAsArray().map((metric) => ({
        ...{ name: (metric as unknown as { name: string }).name, metric: metric as unknown as ForeignMetric['metric'] },
      }));
    };
    const hostile = (name: unknown, data: unknown): ForeignMetric =>
      ({ name, metric: { get: () => data } }) as ForeignMetric;

    for (const format of ['text', 'openmetrics'] as const) {
      it(`writes valid ${format} and all healthy metrics, whatever the others return`, async () => {
        const expected = read(format, (await writeForeign(healthy(), formats[format])).text);
        const property = fc.asyncProperty(anyForeignMetrics, fc.boolean(), async (metrics, isFirst) => {
          const taken = new Set(['healthy', 'jobs_total', 'wait_seconds', 'size_bytes']);
          const others = metrics.filter(({ name }) => !taken.has(name)).map(({ name, get }) => hostile(name, get()));
          const all = isFirst ? [...others, ...healthy()] : [...healthy(), ...others];
          const families = read(format, (await writeForeign(all, formats[format])).text);
          const ours = families.filter(({ help }) => help === 'Healthy.');
          expect(ours).to.have.deep.members(expected);
        });
        await fc.assert(property, { numRuns: 500 });
      });

      for (const [title, data] of Object.entries(hostileData)) {
        it(`repairs or omits a metric that returns ${title}, and reports it once, in ${format}`, async () => {
          const { text, failed, repaired } = await writeForeign(
            [hostile('given', data()), ...healthy()],
            formats[format],
          );
          expect([...failed, ...repaired]).to.deep.equal(['given']);
          expect(read(format, text).map(({ name }) => name)).to.include.members([
            'healthy',
            'wait_seconds',
            'size_bytes',
          ]);
        });
      }

      it(`omits a metric that never settles, in ${format}`, async () => {
        const hung = { name: 'hung', metric: { get: () => new Promise<never>(() => {}) } };
        const { text, failed } = await writeForeign([hung, ...healthy()], formats[format], { milliseconds: 1 });
        expect(failed).to.deep.equal(['hung']);
        expect(read(format, text)).to.have.length(4);
      });
    }

    const names = async (...metrics: readonly ForeignMetric[]) => {
      const { text, failed, repaired } = await writeForeign(metrics, textFormat);
      return { names: parseText(text).map(({ name }) => name), failed, repaired };
    };
    const gauge = { help: 'A.', type: 'gauge', values: [{ labels: {}, value: 1 }] };

    it('escapes a UTF-8 name, and reports nothing', async () => {
      const dotted = hostile('http.requests', { ...gauge, name: 'http.requests' });
      expect(await names(dotted)).to.deep.equal({ names: ['http_requests'], failed: [], repaired: [] });
    });

    it('replaces the characters that no name can have, and reports the metric', async () => {
      const invalid = hostile('http\0requests', { ...gauge, name: 'http\0requests' });
      expect(await names(invalid)).to.deep.equal({
        ...{ names: ['http_requests'], failed: [], repaired: ['http\0requests'] },
      });
    });

    it('writes UTF-8 names of metrics and labels in quotes if the format and the client allow it', async () => {
      const values = [
        { labels: { 'http.method': 'GET', code: 200 }, value: 1 },
        { labels: { http_method: 'GET', code: '200' }, value: 2 },
      ];
      const dotted = hostile('http.requests', { ...gauge, name: 'http.requests', values });
      const written = await writeForeign([dotted], FORMATS['text-1.0'], { escaping: 'allow-utf-8' });
      expect(written).to.deep.equal({
        text:
          '# HELP "http.requests" A.\n# TYPE "http.requests" gauge\n' +
          '{"http.requests","http.method"="GET",code="200"} 1\n{"http.requests",http_method="GET",code="200"} 2\n',
        failed: [],
        repaired: [],
      });
      const escaped = await writeForeign([dotted], FORMATS['text-1.0'], { escaping: 'values' });
      expect(escaped.text).to.contain('\nU__http_2e_requests{U__http_2e_method="GET",code="200"} 1\n');
    });

    it('omits a series whose labels are equal to those of an earlier one, and reports the metric', async () => {
      const values = ['http.method', 'http_method'].map((name, value) => ({ labels: { [name]: 'GET' }, value }));
      const { text, repaired } = await writeForeign([hostile('a', { ...gauge, name: 'a', values })], textFormat);
      expect(text).to.equal(
        '# HELP a A.\n# TYPE a gauge\na{http_method="GET"} 0\n' +
          '# The metric a has 1 more series, whose labels are equal after their names were escaped.\n',
      );
      expect(repaired).to.deep.equal(['a']);
    });

    it('writes histograms and summaries in one line each in OpenMetrics 2.0', async () => {
      const size = new Histogram({ name: 'size', help: 'Size.', labelNames: ['a'], buckets: [1], registers });
      const wait = new Summary({ name: 'wait', help: 'Wait.', percentiles: [0.5], registers });
      for (const [a, value] of Object.entries({ x: 2, y: -1 })) size.observe({ a }, value);
      wait.observe(3);
      const metrics = [size, wait].map((metric) => metric as unknown as ForeignMetric['metric']);
      const { text } = await writeForeign(
        metrics.map((metric, index) => ({ name: ['size', 'wait'][index]!, metric })),
        FORMATS['openmetrics-2.0'],
      );
      expect(text).to.equal(
        '# TYPE size histogram\n# HELP size Size.\n' +
          'size{a="x"} {count:1,sum:2,bucket:[1:0,+Inf:1]}\nsize{a="y"} {count:1,sum:-1,bucket:[1:1,+Inf:1]}\n' +
          '# TYPE wait summary\n# HELP wait Wait.\nwait {count:1,sum:3,quantile:[0.5:3]}\n',
      );
    });

    it('uses the name in the data if a metric was registered without one', async () => {
      const nameless = hostile(undefined, { ...gauge, name: 'given' });
      expect(await names(nameless)).to.deep.equal({ names: ['given'], failed: [], repaired: [''] });
    });

    it('omits a metric whose escaped name clashes with that of another metric, independent of the order', async () => {
      const dotted = hostile('http.requests', { ...gauge, name: 'http.requests' });
      const other = hostile('http_requests', { ...gauge, name: 'http_requests' });
      for (const both of [
        [dotted, other],
        [other, dotted],
      ]) {
        expect(await names(...both)).to.deep.equal({
          ...{ names: ['http_requests'], failed: ['http.requests'], repaired: [] },
        });
      }
      const { failed } = await writeForeign([dotted], textFormat, {
        reserved: [
          { name: 'http', type: 'gauge' },
          { name: 'http_requests', type: 'gauge' },
        ],
      });
      expect(failed).to.deep.equal(['http.requests']);
    });

    it('omits a metric with the name of a sample that the scrape already contains', async () => {
      const count = hostile('wait_count', { ...gauge, name: 'wait_count' });
      const reserved = [{ name: 'wait', type: 'histogram' }];
      for (const format of Object.values(formats)) {
        expect((await writeForeign([count], format, { reserved })).failed).to.deep.equal(['wait_count']);
      }
    });

    it('keeps the first of two series that differ only in lone surrogates', async () => {
      const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['job'], registers });
      jobs.inc({ job: '\ud800' }, 2);
      jobs.inc({ job: '\udc00' }, 3);
      expect(sampleValue(await write(jobs, 'jobs_total'), 'jobs_total', { job: '\ufffd' })).to.equal(2);
      const wait = new Histogram({ name: 'wait', help: 'A.', labelNames: ['job'], buckets: [1], registers });
      wait.observe({ job: '\ud800' }, 0.5);
      wait.observe({ job: '\udc00' }, 2);
      const text = await write(wait, 'wait');
      expect(sampleValue(text, 'wait_bucket', { job: '\ufffd', le: '1' })).to.equal(1);
      expect(sampleValue(text, 'wait_count', { job: '\ufffd' })).to.equal(1);
    });

    it('replaces a lone surrogate without a collision, and reports nothing', async () => {
      const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['job'], registers });
      jobs.inc({ job: '\ud800' });
      const metric = jobs as unknown as ForeignMetric['metric'];
      const { text, failed, repaired } = await writeForeign([{ name: 'jobs_total', metric }], textFormat);
      expect(sampleValue(text, 'jobs_total', { job: '\ufffd' })).to.equal(1);
      expect([failed, repaired]).to.deep.equal([[], []]);
    });
  });
});
