import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Distribution } from '../../cli/commands/top/distribution.js';
import { Increase } from '../../cli/commands/top/increase.js';
import { readScrape } from '../../cli/commands/top/reading.js';
import { catalog } from '../../lib/core/catalog/catalog.js';
import { histogramValue } from '../../lib/core/formats/composite-value.js';
import { parseExposition } from '../../lib/core/formats/parse-exposition.js';
import { Histogram } from '../../lib/core/metrics/custom/histogram.js';
import { addNative } from '../../lib/core/metrics/native/merge-native.js';
import type { NativeBuckets, NativeHistogram } from '../../lib/core/metrics/native/native-histogram.js';
import { nativeQuantile } from '../../lib/core/metrics/native/native-quantile.js';
import { SharedRegistry } from '../../lib/core/metrics/shared-registry.js';
import { type MetricsServer, startMetricsServer } from '../../lib/core/server/metrics-server.js';
import { History } from '../../lib/core/server/page/history.js';
import { panels } from '../../lib/core/server/page/panels.js';
import { Scrape } from '../../lib/core/server/page/scrape.js';
import { stepKinds, stepStatistics } from '../../lib/core/server/page/step-statistics.js';
import { needPrograms, prometheus3, prometheus3Path } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { nativeHistogramOf } from '../support/native-histogram-of.js';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.js';

const shares = [0.01, 0.1, 0.25, 0.5, 0.77, 0.9, 0.95, 0.99, 0.999];

const none: NativeBuckets = { indexes: [], counts: [] };
const empty = { zeroCount: 0, positive: none, negative: none };

/** Returns 300 numbers from a fixed sequence that spread over seven decades. */
function spread(seed: number): number[] {
  let state = seed;
  return Array.from({ length: 300 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return 10 ** ((state / 2_147_483_647) * 7 - 5);
  });
}

describe('quantiles of native histograms that Prometheus 3.16 scrapes', function () {
  this.timeout(60_000);

  const observed: Readonly<Record<string, readonly number[]>> = {
    positive: spread(1),
    zeros: [...spread(2), 0, 0, 0, ...Array(200).fill(0)],
    signed: [...spread(3), 0, 0, ...spread(4).map((value) => -value)],
    negative: [...spread(5).map((value) => -value), 0, 0],
    same: Array(50).fill(0.00001),
  };
  let server: MetricsServer | undefined;
  let prometheus: RunningPrometheus | undefined;

  before(async function () {
    needPrograms(this, prometheus3);
    const registry = new SharedRegistry();
    const settings = { fine: {}, wide: { zeroThreshold: 0.01 }, coarse: { factor: 1.1, maxBuckets: 8 } };
    for (const [setting, nativeHistograms] of Object.entries(settings)) {
      const histogram = new Histogram({
        ...{ name: `${setting}_seconds`, help: 'Observations.', labelNames: ['kind'], buckets: [0.1, 1] },
        ...{ nativeHistograms: { factor: 1.1, ...nativeHistograms }, registers: [registry] },
      });
      for (const [kind, values] of Object.entries(observed)) {
        for (const value of values) histogram.observe({ kind }, value);
      }
    }
    server = await startMetricsServer({ port: 0, thread: false, registry });
    const jobs = { tinyllm: { scrape_native_histograms: true } };
    prometheus = await startPrometheus(new URL(server.url).host, { program: prometheus3Path, jobs });
  });
  after(async () => {
    await prometheus?.close();
    await server?.close();
  });

  it('equal the quantiles of the page within 1e-9', async () => {
    const response = await fetch(`${server!.url}?openmetrics2=1`, {
      headers: { Accept: 'application/openmetrics-text;version=2.0.0' },
    });
    const samples = parseExposition(await response.text()).filter(({ native }) => native !== undefined);
    expect(samples).to.have.length(15);
    expect(new Set(samples.map(({ native }) => native?.schema)).size).to.be.above(1);
    for (const { name, labels, native } of samples) {
      for (const share of shares) {
        const expression = `histogram_quantile(${share}, ${name}{kind="${labels.kind}"})`;
        const value = await eventually(async () => (await prometheus!.query(expression))[0]?.value);
        const found = nativeQuantile(share, native!)!;
        expect(Math.abs(found - Number(value)), `${expression} ${value} ${found}`).to.be.at.most(
          1e-9 * Math.abs(Number(value)),
        );
      }
    }
  });
});

describe('rates of native histograms on the page and in top', function () {
  this.timeout(20_000);

  const interval = 2;
  const scrapes = 20;
  const growths: readonly (readonly [series: string, native: NativeHistogram])[] = [
    [`${catalog.requestLatency.name}{model="a",graph="g"}`, nativeHistogramOf(spread(11), 3)],
    [`${catalog.requestLatency.name}{model="b",graph="g"}`, nativeHistogramOf([...spread(12), 0, 0], 1)],
    [`${catalog.nodeDuration.name}{node="n",graph="g",tenant="x"}`, nativeHistogramOf(spread(13), 3)],
    [`${catalog.nodeDuration.name}{node="n",graph="g",tenant="y"}`, nativeHistogramOf(spread(14), 2)],
  ];
  /** Expressions of PromQL, and the quantiles of the page or of top. */
  function quantiles(): readonly (readonly [expression: string, value: number])[] {
    const texts = Array.from({ length: scrapes + 1 }, (_, place) => scrapeText(place));
    const history = new History();
    texts.forEach((text, place) => {
      history.add({ at: place * interval, scrape: new Scrape(parseExposition(text)) });
    });
    const type = 'application/openmetrics-text; version=2.0.0';
    const increase = new Increase(texts.map((text, place) => readScrape(`${text}\n# EOF\n`, place * interval, type)));
    const lines = panels.find(({ id }) => id === 'latency')?.data(history)?.lines ?? [];
    const known = (value: number | null | undefined): number => value ?? Number.NaN;
    return [
      ...lines.map(({ name, values }) => {
        const share = Number(name.slice(1)) / 100;
        return [expressionOf(share, catalog.requestLatency), known(values.at(-1))] as const;
      }),
      [
        expressionOf(0.95, catalog.nodeDuration),
        known(stepStatistics(history.latest!.scrape, stepKinds.node).find(({ name }) => name === 'n')?.p95),
      ],
      ...[catalog.requestLatency, catalog.nodeDuration].flatMap((metric) => {
        const distribution = new Distribution(increase.of(metric.name));
        return shares.map((share) => [expressionOf(share, metric), known(distribution.quantile(share))] as const);
      }),
    ];
  }

  function expressionOf(share: number, { name }: { readonly name: string }): string {
    return `histogram_quantile(${share}, sum(rate(${name}[30s])))`;
  }

  /** All values after some intervals. The count of each bucket grows by the same number in each interval. */
  function scrapeText(place: number): string {
    return growths
      .map(([series, growth]) => {
        const native = Array.from({ length: place }, () => growth).reduce(addNative, { ...growth, ...empty });
        const value = histogramValue({ bounds: [Number.POSITIVE_INFINITY], counts: [0], sum: place, native });
        return `${series} ${value} st@1`;
      })
      .join('\n');
  }

  const promtool = prometheus3Path.replace(/prometheus$/, 'promtool');

  before(function () {
    needPrograms(this, prometheus3);
  });

  it('equal the quantiles of PromQL within 1e-9', async () => {
    const compared = quantiles();
    expect(compared).to.have.length(4 + 2 * shares.length);
    const tests = compared.map(([expression, value]) => ({
      expr: `abs(${expression} - ${value}) <= bool ${1e-9 * value}`,
      eval_time: `${scrapes * interval}s`,
      exp_samples: [{ labels: '{}', value: 1 }],
    }));
    const input = growths.map(([series, native]) => ({
      series,
      values: `${shown({ ...native, ...empty })}+${shown(native)}x${scrapes}`,
    }));
    const group = { interval: `${interval}s`, input_series: input, promql_expr_test: tests };
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-quantiles-'));
    try {
      // JSON is valid YAML.
      await writeFile(join(folder, 'test.yml'), JSON.stringify({ evaluation_interval: '2s', tests: [group] }));
      await promisify(execFile)(promtool, ['test', 'rules', join(folder, 'test.yml')]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Writes a histogram as a value of promtool's input series. */
function shown({ schema, zeroThreshold, zeroCount, positive }: NativeHistogram): string {
  const [first = 0, last = first] = [positive.indexes[0], positive.indexes.at(-1)];
  const counts = Array.from({ length: last - first + 1 }, (_, at) => {
    const position = positive.indexes.indexOf(first + at);
    return position < 0 ? 0 : positive.counts[position];
  });
  const count = positive.counts.reduce((sum, value) => sum + value, zeroCount);
  const zero = `z_bucket:${zeroCount} z_bucket_w:${zeroThreshold}`;
  return `{{schema:${schema} count:${count} sum:1 ${zero} offset:${first} buckets:[${counts.join(' ')}]}}`;
}
