import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { Counter, Gauge, Histogram, Summary } from 'prom-client';
import { catalog } from '../../lib/core/catalog/catalog.js';
import type { Family } from '../../lib/core/formats/family.js';
import { writeForeign } from '../../lib/core/formats/foreign.js';
import type { ForeignMetric } from '../../lib/core/formats/foreign-metric.js';
import type { FormatName } from '../../lib/core/formats/format.js';
import { FORMATS } from '../../lib/core/formats/formats.js';
import { writeFamilies } from '../../lib/core/formats/write-families.js';
import type { MetricOptions } from '../../lib/core/metrics/descriptor.js';
import { SharedRegistry } from '../../lib/core/metrics/shared-registry.js';
import { needPrograms, prometheus, python, pythonPrometheusClient } from '../support/e2e-programs.js';
import { familyOf, type SeriesValues } from '../support/families.js';
import { hostileTexts } from '../support/hostile.js';
import { allHostileMetrics } from '../support/hostile-metrics.js';

interface ParsedSample {
  readonly family: string;
  readonly type: string;
  readonly unit: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
  readonly exemplar: readonly [labels: object, value: number, timestamp: string] | null;
}

function parse(text: string, format: FormatName): ParsedSample[] {
  const { stdout, stderr } = spawnSync(python, ['spec/support/parse-exposition.py', format], {
    input: text,
    encoding: 'utf8',
  });
  expect(stderr).to.equal('');
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [family, type, unit, name, labels, value, exemplar] = JSON.parse(line) as ParsedSample[keyof ParsedSample][];
    return { family, type, unit, name, labels, value, exemplar } as ParsedSample;
  });
}

// Contains no closing brace, because Python's parser ends an exemplar's labels at the first one, even inside quotes.
const exemplar = { labels: { trace_id: 'a b # {"\\' }, value: 0.2, timestampSeconds: 1_700_000_000.25 };

/** A family of each kind, with one series for each hostile text. */
function hostileFamilies(): Family[] {
  const seriesOf = (...cells: readonly number[]): SeriesValues[] =>
    hostileTexts.map((text) => ({ labels: { text, kept: 'yes' }, cells, exemplars: [exemplar] }));
  const help = hostileTexts.join('');
  return [
    familyOf({ name: 'calls_total', help, kind: 'counter' }, ...seriesOf(3)),
    familyOf({ name: 'level', help, kind: 'gauge' }, ...seriesOf(-2.5)),
    familyOf(
      { name: 'wait_seconds', help, kind: 'histogram', unit: 'seconds', buckets: [0.25, 1] },
      ...seriesOf(2, 1, 0, 1.5),
    ),
    familyOf({ name: 'build_info', help, kind: 'info' }, ...seriesOf(1)),
  ];
}

/** The application's own metrics: each kind of prom-client, with one series for each hostile text. */
function hostileForeign(): ForeignMetric[] {
  const registry = new SharedRegistry();
  const common = { help: hostileTexts.join('') || 'A.', labelNames: ['text'], registers: [registry] };
  const jobs = new Counter({ ...common, name: 'jobs_total' });
  const untyped = new Counter({ ...common, name: 'tasks' });
  const depth = new Gauge({ ...common, name: 'depth' });
  const run = new Histogram({ ...common, name: 'run_seconds', buckets: [1] });
  const size = new Summary({ ...common, name: 'size_bytes' });
  for (const text of hostileTexts) {
    for (const counter of [jobs, untyped]) counter.inc({ text });
    depth.set({ text }, Number.NaN);
    for (const distribution of [run, size]) distribution.observe({ text }, 2);
  }
  return registry.getMetricsAsArray().map((metric) => ({
    name: registry.nameOf(metric as never),
    metric: metric as unknown as ForeignMetric['metric'],
  }));
}

describe('the exposition with hostile labels', function () {
  this.timeout(30_000);

  before(function () {
    needPrograms(this, prometheus, pythonPrometheusClient);
  });

  for (const format of ['text', 'openmetrics'] as const) {
    it(`is read correctly by Python's parser of ${format}, including every label`, async () => {
      const rules = FORMATS[format];
      const { text, failed } = await writeForeign(hostileForeign(), rules);
      expect(failed).to.deep.equal([]);
      const samples = parse(writeFamilies(hostileFamilies(), rules, { created: true }) + text + rules.end, format);
      const perSeries: Record<string, number> = {
        ...{
          calls_total: 1,
          level: 1,
          wait_seconds_bucket: 3,
          wait_seconds_sum: 1,
          wait_seconds_count: 1,
          build_info: 1,
        },
        ...(format === 'openmetrics' ? { calls_created: 1, wait_seconds_created: 1 } : {}),
        ...{ jobs_total: 1, tasks: 1, depth: 1, run_seconds_bucket: 2, run_seconds_sum: 1, run_seconds_count: 1 },
        ...{ size_bytes: 7, size_bytes_sum: 1, size_bytes_count: 1 },
      };
      // The parser of the text format adds the suffix that OpenMetrics requires for counters.
      const named = samples.map((sample) => (sample.name === 'tasks_total' ? { ...sample, name: 'tasks' } : sample));
      expect(new Set(named.map(({ name }) => name))).to.deep.equal(new Set(Object.keys(perSeries)));
      for (const [name, count] of Object.entries(perSeries)) {
        const read = named.filter((sample) => sample.name === name).map(({ labels }) => labels.text);
        expect(read, name).to.deep.equal(hostileTexts.flatMap((text) => Array(count).fill(text)));
      }
      const exemplars = samples.filter((sample) => sample.exemplar !== null);
      expect(exemplars).to.have.length(format === 'text' ? 0 : 2 * hostileTexts.length);
      for (const { exemplar: read } of exemplars) {
        expect(read).to.deep.equal([exemplar.labels, exemplar.value, '1700000000.250000000']);
      }
    });

    it(`is read correctly by Python's parser of ${format} with hostile metrics of the application`, async () => {
      const rules = FORMATS[format];
      const hostile = allHostileMetrics().map((metric) => ({ name: (metric as { name?: string }).name, metric }));
      const { text } = await writeForeign([...(hostile as ForeignMetric[]), ...hostileForeign()], rules, {
        milliseconds: 1,
      });
      const samples = parse(text + rules.end, format);
      expect(samples.filter(({ name }) => name === 'depth')).to.have.length(hostileTexts.length);
      expect(samples.some(({ name }) => name === 'hostile_name')).to.equal(true);
    });

    it(`contains the whole catalog in ${format}, with unique family names`, () => {
      const rules = FORMATS[format];
      const families = Object.values(catalog).map((options: MetricOptions) => {
        const labels = Object.fromEntries((options.labels ?? []).map((label) => [label, label]));
        return familyOf(options, { labels, cells: [1] });
      });
      const samples = parse(writeFamilies(families, rules, { created: true }) + rules.end, format);
      expect(new Set(samples.map(({ family }) => family)).size).to.equal(families.length);
      if (format === 'text') return;
      expect(new Set(samples.map(({ type }) => type))).to.deep.equal(
        new Set(['counter', 'gauge', 'histogram', 'info']),
      );
      const units = new Map(samples.map(({ family, unit }) => [family, unit]));
      expect(units.get(catalog.requestLatency.name)).to.equal('seconds');
      expect(units.get(catalog.cost.name.replace(/_total$/, ''))).to.equal('usd');
    });
  }

  it('passes promtool', async () => {
    const { text } = await writeForeign(hostileForeign(), FORMATS.text);
    const { stderr, status } = spawnSync('promtool', ['check', 'metrics'], {
      ...{ input: writeFamilies(hostileFamilies(), FORMATS.text) + text, encoding: 'utf8' },
    });
    // The only warning is correct: the application's counter lacks the suffix `_total`.
    expect(stderr).to.equal('tasks counter metrics should have "_total" suffix\n');
    expect(status).to.equal(3);
  });
});
