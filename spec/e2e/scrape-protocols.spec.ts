import { expect } from 'chai';
import { Counter } from '../../lib/core/metrics/custom/counter.js';
import { Gauge } from '../../lib/core/metrics/custom/gauge.js';
import { Histogram } from '../../lib/core/metrics/custom/histogram.js';
import { SharedRegistry } from '../../lib/core/metrics/shared-registry.js';
import { type MetricsServer, startMetricsServer } from '../../lib/core/server/metrics-server.js';
import { needPrograms, prometheus, prometheus3, prometheus3Path } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { type RunningPrometheus, type ScrapeJob, startPrometheus } from '../support/prometheus.js';

/** The scrape protocols of Prometheus 3.16, and whether they have UTF-8 names. */
const protocols: Readonly<Record<string, boolean>> = {
  'PrometheusText0.0.4': false,
  'PrometheusText1.0.0': true,
  'OpenMetricsText0.0.1': false,
  'OpenMetricsText1.0.0': true,
  'OpenMetricsText2.0.0': true,
};

/** Metrics of every kind, with names that need escaping, labels with special characters, and special numbers. */
function register(registry: SharedRegistry): void {
  const registers = [registry];
  const requests = new Counter({ name: 'http.requests', help: 'A "b"\\\n.', labelNames: ['http.method'], registers });
  for (const method of ['GET', 'a"\\\n é']) requests.inc({ 'http.method': method }, 3.5);
  new Counter({ name: 'plain_total', help: 'Plain.', labelNames: ['a'], registers }).inc({ a: 'x' }, 2);
  const levels = new Gauge({ name: 'level', help: 'Level.', labelNames: ['a'], registers });
  for (const value of [-1e-9, 1e300, Number.POSITIVE_INFINITY]) levels.set({ a: String(value) }, value);
  const wait = new Histogram({ name: 'wait_seconds', help: 'Wait.', buckets: [1e-7, 0.5, 1e21], registers });
  for (const value of [1e-8, 0.25, 3, 1e22]) wait.observe(value);
  const name = 'size é';
  const values = [
    { labels: { quantile: 0.5 }, value: 7 },
    { labels: {}, value: 7, metricName: `${name}_sum` },
    { labels: {}, value: 1, metricName: `${name}_count` },
  ];
  registry.registerMetric({ name, get: () => ({ name, help: 'Size.', type: 'summary', values }) } as never);
}

/** A series as a text, with its value. */
function shown({ metric, value }: { readonly metric: Readonly<Record<string, string>>; readonly value: string }) {
  const { job: _, instance: __, ...labels } = metric;
  return `${JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))} ${value}`;
}

/** Prometheus's names of this series differ if names are escaped with underscores. */
const withUnderscores = (text: string): string => text.replaceAll('http.', 'http_').replaceAll('size é', 'size__');

describe('scrapes by Prometheus 3.16 with each scrape protocol', function () {
  this.timeout(90_000);

  let server: MetricsServer | undefined;
  let running: RunningPrometheus | undefined;

  before(async function () {
    needPrograms(this, prometheus3);
    const registry = new SharedRegistry();
    register(registry);
    server = await startMetricsServer({ port: 0, registry, openMetrics2: true });
    const jobs: Record<string, ScrapeJob> = { default: {} };
    for (const protocol of Object.keys(protocols)) jobs[protocol] = { scrape_protocols: [protocol] };
    for (const scheme of ['values', 'dots', 'underscores']) jobs[scheme] = { metric_name_escaping_scheme: scheme };
    running = await startPrometheus(new URL(server.url).host, {
      jobs,
      program: prometheus3Path,
      features: ['openmetrics2', 'zstd-scrape'],
    });
    await eventually(async () => (await running?.query('up == 1'))?.length === Object.keys(jobs).length);
  });

  after(async () => {
    await running?.close();
    await server?.close();
  });

  const seriesOf = async (job: string): Promise<string[]> => {
    const selector = `{job=${JSON.stringify(job)},__name__!~"up|scrape_.*"}`;
    return ((await running?.query(selector)) ?? []).map(shown).sort();
  };

  it('have the same series in every format, with escaped names in the formats that need it', async () => {
    const expected = await seriesOf('default');
    expect(expected).to.have.length(15);
    expect(expected.join('\n')).to.contain('"__name__","http.requests"').and.contain('"size é_count"');
    for (const [protocol, hasUtf8] of Object.entries(protocols)) {
      const names = hasUtf8 ? expected : expected.map(withUnderscores).sort();
      expect(await seriesOf(protocol), protocol).to.deep.equal(names);
    }
  });

  it('escape names with the requested scheme', async () => {
    const values = (await seriesOf('values')).join('\n');
    expect(values).to.contain('"U__http_2e_requests"').and.contain('["U__http_2e_method","GET"]');
    expect(values).to.contain('["__name__","plain_total"]').and.contain('"U__size_20__e9__sum"');
    const dots = (await seriesOf('dots')).join('\n');
    expect(dots).to.contain('"http_dot_requests"').and.contain('"plain__total"').and.contain('"wait__seconds_bucket"');
    const expected = (await seriesOf('default')).map(withUnderscores).sort();
    expect(await seriesOf('underscores')).to.deep.equal(expected);
  });
});

describe("scrapes of UTF-8 names by Debian's Prometheus", function () {
  this.timeout(60_000);

  it('have escaped names', async function () {
    needPrograms(this, prometheus);
    const registry = new SharedRegistry();
    register(registry);
    const server = await startMetricsServer({ port: 0, registry, openMetrics2: true });
    const running = await startPrometheus(new URL(server.url).host);
    try {
      await eventually(async () => (await running.query('up == 1')).length === 1);
      const series = (await running.query('{job="tinyllm",__name__!~"up|scrape_.*"}')).map(shown).join('\n');
      expect(series).to.contain('"http_requests"').and.contain('["http_method","GET"]').and.contain('"size___count"');
    } finally {
      await running.close();
      await server.close();
    }
  });
});
