import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { catalog } from '../../lib/core/catalog/catalog.js';
import { fleetQueries } from '../../lib/monitoring/queries/fleet-queries.js';
import { needPrograms, prometheus3, prometheus3Path } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { compareResults, type ResultSeries } from '../support/monitoring/compare-results.js';
import { type ExportedFolder, exportFolder } from '../support/monitoring/exported-folder.js';
import { type HistogramInstance, startHistogramInstance } from '../support/monitoring/instance.js';
import { evaluate, type KitServer, type KitServerOptions, startKitPrometheus } from '../support/monitoring/servers.js';
import { type VariantExpressions, variantExpressions } from '../support/monitoring/variant-expressions.js';

const window = '6s';
const recordedBuckets = 'job_model_graph_le:tinyllm_request_latency_seconds_bucket:rate5m';

describe('an instance with native histograms that Prometheus 3.16 scrapes', function () {
  this.timeout(90_000);

  let folder: ExportedFolder | undefined;
  let instance: HistogramInstance | undefined;
  const started: { close(): Promise<void> }[] = [];

  before(async function () {
    needPrograms(this, prometheus3);
    [folder, instance] = await Promise.all([exportFolder({ nativeHistograms: true }), startHistogramInstance()]);
  });

  after(async () => {
    await Promise.all([instance?.close(), ...started.map((one) => one.close())]);
    await folder?.remove();
  });

  /** Starts Prometheus with a file of the export. */
  async function start(file: string, options: KitServerOptions): Promise<KitServer> {
    const server = await startKitPrometheus(file, { folder: folder!.path, program: prometheus3Path, ...options });
    started.push(server);
    return server;
  }

  async function untilSamples(server: KitServer, expression: string): Promise<readonly ResultSeries[]> {
    return eventually(async () => {
      const samples = await evaluate(server, expression);
      return samples.length > 0 && samples;
    }).catch(() => {
      throw new Error(`no samples for ${expression}`);
    });
  }

  describe('together with its classic histograms', () => {
    let server: KitServer;

    before(async () => {
      server = await start('prometheus/prometheus.yml', {
        instead: { 'localhost:9090': instance!.target, 'localhost:9093': '127.0.0.1:1' },
        scrapeOptions: { always_scrape_classic_histograms: true },
      });
      await untilSamples(server, `count_over_time(tinyllm_request_latency_seconds_count[${window}]) >= 6`);
    });

    /** Evaluates both expressions at the same time, and compares the results. Alerts have no results. */
    async function expectSameResults({ name, classic, native }: VariantExpressions): Promise<void> {
      const seconds = Date.now() / 1000 - 1;
      const at = async (expression: string) => {
        const path = `/api/v1/query?time=${seconds}&query=${encodeURIComponent(expression)}`;
        return (await server.ask<{ readonly result: readonly ResultSeries[] }>(path)).result;
      };
      const results = { classic: await at(classic), native: await at(native) };
      if (!name.includes('BudgetBurn')) expect(results.classic, name).not.to.have.length(0);
      compareResults({
        name,
        ...results,
        bounds: boundsOf(classic),
        // Prometheus interpolates in the native bucket that contains the objective.
        tolerance: native.includes('histogram_fraction') ? 0.01 : 1e-9,
      });
    }

    it('gives the same results for both kinds of histograms, in each expression of dashboards and rules', async () => {
      const pairs = variantExpressions(window);
      expect(pairs).to.have.length.greaterThan(40);
      for (const pair of pairs) await expectSameResults(pair);
    });

    it('gives the same results for the documented expressions', async () => {
      const rows = [...readFileSync('docs/monitoring.md', 'utf8').matchAll(/^\| (.+?) +\| `(.+?)` +\| `(.+?)` +\|$/gm)];
      expect(rows).to.have.length(6);
      const filled = (expression = '') =>
        expression
          .replaceAll(/\bx(?=[_[{])/g, catalog.requestLatency.name)
          .replaceAll(/\[(?:5m|\$__rate_interval)\]/g, `[${window}]`);
      for (const [, name = '', classic, native] of rows) {
        await expectSameResults({ name, classic: filled(classic), native: filled(native) });
      }
    });

    it('records native histograms, and evaluates every rule', async () => {
      const samples = await untilSamples(server, recordedBuckets);
      for (const { histogram } of samples) expect(Number(histogram?.[1].count)).to.be.greaterThan(0);
      await untilSamples(server, 'job_model:tinyllm_request_latency_seconds:p95_5m');
      const { groups } = await server.ask<RuleGroups>('/api/v1/rules');
      for (const { name, health } of groups.flatMap(({ rules }) => rules)) expect(health, name).to.equal('ok');
    });
  });

  it('shows its latency in the Fleet dashboard of a global server that federates leaves', async () => {
    const ports = [await freePort(), await freePort()] as const;
    const [leafA, leafB] = ports.map((port) => `127.0.0.1:${port}`) as [string, string];
    const { target } = instance!;
    const [global] = await Promise.all([
      start('federation/global.yml', { instead: { 'leaf-a:9091': leafA, 'leaf-b:9091': leafB } }),
      start('federation/leaf-a.yml', {
        port: ports[0],
        instead: { 'instance-1:9090': target, 'instance-2:9090': target },
      }),
      start('federation/leaf-b.yml', { port: ports[1], instead: { 'instance-3:9090': target } }),
    ]);
    await expectLatency(global);
    await untilSamples(global, `count(count by (leaf) (histogram_count(${recordedBuckets}))) == 2`);
  });

  it('arrives as native histograms at a server that agents write to', async () => {
    const port = await freePort();
    const { target } = instance!;
    const [global] = await Promise.all([
      start('remote-write/global.yml', {
        port,
        flags: ['--web.enable-remote-write-receiver'],
        instead: { 'agent-a:9091': '127.0.0.1:1', 'agent-b:9091': '127.0.0.1:2' },
      }),
      start('remote-write/agent-a.yml', {
        flags: ['--agent'],
        instead: { 'instance-1:9090': target, 'instance-2:9090': target, 'global:9091': `127.0.0.1:${port}` },
      }),
    ]);
    await expectLatency(global);
  });

  it('counts from the start of each counter and histogram if Prometheus reads start timestamps', async () => {
    const own = await startHistogramInstance();
    started.push(own);
    const instead = { 'localhost:9090': own.target, 'localhost:9093': '127.0.0.1:1' };
    const flags = ['--enable-feature=created-timestamp-zero-ingestion'];
    const [plain, counting] = await Promise.all([
      start('prometheus/prometheus.yml', { instead }),
      start('prometheus/prometheus.yml', { instead, flags }),
    ]);
    for (const server of [plain, counting]) await untilSamples(server, 'up == 1');
    own.recordLate();
    for (const increase of [
      'increase(tinyllm_requests_total{model="late"}[1m])',
      'histogram_count(increase(tinyllm_request_latency_seconds{model="late"}[1m]))',
    ]) {
      const [sample] = await untilSamples(counting, `${increase} > 0`);
      expect(Number(sample?.value?.[1]), increase).to.be.within(1, 1.6);
      await untilSamples(plain, `${increase} == 0`);
    }
  });

  /** Checks the 95th percentile of the latency in the Fleet dashboard. */
  async function expectLatency(server: KitServer): Promise<void> {
    const { latencyQuantile } = fleetQueries([], 'native');
    const [sample] = await untilSamples(server, latencyQuantile(0.95).replace('$job', 'tinyllm'));
    expect(Number(sample?.value?.[1])).to.be.within(0.1, 100);
  }
});

interface RuleGroups {
  readonly groups: readonly { readonly rules: readonly { readonly name: string; readonly health: string }[] }[];
}

/** The bounds of the classic buckets if an expression is a quantile. */
function boundsOf(classic: string): readonly number[] | undefined {
  const [, name] = /^histogram_quantile\(.*?\((tinyllm_\w+)_bucket/.exec(classic) ?? [];
  const metric = Object.values(catalog).find((one) => one.name === name);
  return metric?.kind === 'histogram' ? metric.buckets : undefined;
}
