import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { configureMetrics, getMetricsCollector } from '../../../lib/core/collector/shared-collector.js';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { registry } from '../../../lib/core/metrics/shared-registry.js';
import { VERSION } from '../../../lib/core/version/version.js';
import { nativeHistogramsOf, nativeRequest } from '../../support/native-histograms-of.js';
import { parseText, sampleValue } from '../../support/parse-text.js';
import { runNode } from '../../support/run-node.js';

/** Runs a script that imports the built public API in a separate process, and returns its output. */
async function inFreshProcess(script: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const program = `import { configureMetrics, getMetricsCollector, registry, startMetricsServer } from './lib/core/dist/index.js';\n${script}`;
  const { code, stdout, stderr } = await runNode(['--input-type=module', '--eval', program], { env });
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

describe('getMetricsCollector', () => {
  it('is a single collector for the shared registry', () => {
    expect(getMetricsCollector()).to.equal(getMetricsCollector());
    expect(getMetricsCollector().meter.registry).to.equal(registry);
  });

  it('is the same one however often the module is loaded', async () => {
    const again = '../../../lib/core/collector/shared-collector.js?again';
    const copy = (await import(again)) as typeof import('../../../lib/core/collector/shared-collector.js');
    expect(copy.getMetricsCollector).to.not.equal(getMetricsCollector);
    expect(copy.getMetricsCollector()).to.equal(getMetricsCollector());
  });

  it('exposes every counter and gauge without labels with zero in a new process, and info metrics with 1', async () => {
    const text = await inFreshProcess('process.stdout.write(await registry.metrics());');
    expect(parseText(text)).to.have.length(registry.getMetricsAsArray().length);
    for (const name of [
      'tinyllm_queue_requests_rejected_total',
      'tinyllm_queue_active_workers',
      'tinyllm_queue_capacity',
      'tinyllm_scrape_foreign_timeouts_total',
      'tinyllm_scrape_duration_seconds_count',
    ]) {
      expect(sampleValue(text, name), name).to.equal(0);
    }
    expect(sampleValue(text, 'tinyllm_system_info', { version: VERSION, app: 'tinyllm' })).to.equal(1);
  }).timeout(20_000);
});

/** The upper bounds of a histogram with one series, as text. */
function boundsIn(text: string, histogram: string): readonly (string | undefined)[] {
  const isBucket = ({ name }: { readonly name: string }): boolean => name === `${histogram}_bucket`;
  const family = parseText(text).find(({ name }) => name === histogram);
  return (family?.samples ?? []).filter(isBucket).map(({ labels }) => labels.le);
}

describe('TINYLLM_BUCKETS', () => {
  const recorded = (histogram: string): string => `
    import { Worker } from 'node:worker_threads';
    const inThread =
      "import('./lib/core/dist/index.js').then(({ getMetricsCollector: collector }) => {" +
      " collector().trackRequestLatency({ model: 'm' }).end(); });";
    const thread = new Worker(inThread, { eval: true, execArgv: [] });
    await new Promise((resolve) => thread.once('exit', resolve));
    getMetricsCollector().trackRequestLatency({ model: 'm' }).end();
    const problems = [];
    const server = await startMetricsServer({ port: 0, onProblem: ({ name, message }) => problems.push([name, message]) });
    const text = await (await fetch(server.url + '/metrics?name[]=${histogram}')).text();
    process.stdout.write(JSON.stringify({ text, problems }), () => process.exit());
  `;

  it('sets the buckets of all threads of the process', async () => {
    const histogram = 'tinyllm_request_latency_seconds';
    const output = await inFreshProcess(recorded(histogram), { TINYLLM_BUCKETS: `${histogram}=.5,5,50` });
    const { text, problems } = JSON.parse(output);
    expect(boundsIn(text, histogram)).to.deep.equal(['0.5', '5', '50', '+Inf']);
    expect(sampleValue(text, `${histogram}_count`, { model: 'm', graph: 'default' })).to.equal(2);
    expect(problems).to.deep.equal([]);
  }).timeout(20_000);

  it('keeps the defaults if its value is invalid, and reports it once the metrics server starts', async () => {
    const histogram = 'tinyllm_request_latency_seconds';
    const output = await inFreshProcess(recorded(histogram), { TINYLLM_BUCKETS: `${histogram}=1,x` });
    const { text, problems } = JSON.parse(output);
    expect(boundsIn(text, histogram)).to.include('0.025');
    expect(problems).to.deep.equal([
      [
        'MetricsConfigurationError',
        `TINYLLM_BUCKETS got the bucket "x" for ${histogram}; expected finite numbers without +Inf, such as .1,1,10. The default buckets are used.`,
      ],
    ]);
  }).timeout(20_000);
});

describe('TINYLLM_NATIVE_HISTOGRAMS', function () {
  this.timeout(30_000);

  const [nodes, custom] = ['tinyllm_node_execution_duration_seconds', 'lookup_seconds'] as const;

  let folder: string;
  let recorder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-native-'));
    recorder = pathToFileURL(join(folder, 'record.mjs')).href;
    const code = `
      import cluster from 'node:cluster';
      import { getMetricsCollector, Histogram } from '${pathToFileURL('lib/core/dist/index.js')}';
      getMetricsCollector().trackNodeExecution({ node: 'n' }).end();
      new Histogram({ name: '${custom}', help: 'Lookups.' }).observe(2);
      if (cluster.isWorker) process.exit();`;
    await writeFile(new URL(recorder), code);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Records in a worker thread, in a cluster worker and in the main thread, after `configure` in the main thread. */
  const recorded = (configure: string): string => `
    import cluster from 'node:cluster';
    import { once } from 'node:events';
    import { Worker } from 'node:worker_threads';
    ${configure}
    const problems = [];
    const server = await startMetricsServer({ port: 0, onProblem: ({ name, message }) => problems.push([name, message]) });
    const recorder = new URL('${recorder}');
    await once(new Worker(recorder, { execArgv: [] }), 'exit');
    cluster.setupPrimary({ exec: recorder.pathname, execArgv: [] });
    await once(cluster.fork(), 'exit');
    await import(recorder);
    const options = { headers: ${JSON.stringify(nativeRequest.headers)} };
    const text = await (await fetch(server.url + '/metrics${nativeRequest.query}', options)).text();
    process.stdout.write(JSON.stringify({ text, problems }), () => process.exit());
  `;
  const histograms = async (value: string, configure = '') => {
    const output = await inFreshProcess(recorded(configure), { TINYLLM_NATIVE_HISTOGRAMS: value });
    const { text, problems } = JSON.parse(output);
    return { of: nativeHistogramsOf(text), problems };
  };

  it('applies to all threads and cluster workers, and to histograms of the application', async () => {
    const { of, problems } = await histograms('factor=2');
    for (const name of [nodes, custom]) expect(of.get(name), name).to.include({ schema: 0, zeroCount: 0 });
    expect(of.get(custom)?.positive).to.deep.equal({ indexes: [1], counts: [3] });
    expect(of.get(nodes)?.positive.counts.reduce((sum, count) => sum + count)).to.equal(3);
    expect(problems).to.deep.equal([]);
  });

  it('applies to the histograms that it names', async () => {
    const { of } = await histograms(`${nodes}:factor=1.01`);
    expect(of.get(nodes)).to.include({ schema: 7 });
    expect(of.get(custom)).to.equal(undefined);
  });

  it('is replaced by configureMetrics, also in worker threads that start later', async () => {
    const { of } = await histograms(
      'factor=2',
      'configureMetrics({ nativeHistograms: { default: { factor: 1.05 } } });',
    );
    // The cluster worker does not have the configuration of the code, so its metrics are different ones.
    for (const name of [nodes, custom]) expect(of.get(name)?.schema, name).to.equal(4);
    expect(of.get(custom)?.positive).to.deep.equal({ indexes: [16], counts: [2] });
  });

  it('keeps the defaults if its value is invalid, and reports it once the metrics server starts', async () => {
    const { of, problems } = await histograms('factor=0.9');
    expect([of.has(nodes), of.get(nodes)]).to.deep.equal([true, undefined]);
    const message = 'TINYLLM_NATIVE_HISTOGRAMS got the factor "0.9"; expected a finite number above 1, such as 1.1.';
    expect(problems).to.deep.equal([['MetricsConfigurationError', `${message} The variable is ignored.`]]);
  });
});

describe('configureMetrics', () => {
  it('applies before the first use, including metrics without labels', async () => {
    const text = await inFreshProcess(`
      configureMetrics({
        maxSeriesPerMetric: 1,
        buckets: { tinyllm_request_latency_seconds: [7], tinyllm_scrape_duration_seconds: [8] },
        exclude: ['tinyllm_queue_capacity', 'tinyllm_system_info'],
      });
      const metrics = getMetricsCollector();
      metrics.trackRequestLatency({ model: 'm' }).end();
      for (const model of ['a', 'b', 'c']) metrics.incrementRequestCount({ model });
      process.stdout.write(await registry.metrics());
    `);
    const latency = (name: string, labels = {}) =>
      sampleValue(text, `tinyllm_request_latency_seconds_${name}`, { model: 'm', graph: 'default', ...labels });
    expect([latency('bucket', { le: '7' }), latency('bucket', { le: '60' }), latency('count')]).to.deep.equal([
      ...[1, undefined, 1],
    ]);
    expect(sampleValue(text, 'tinyllm_scrape_duration_seconds_bucket', { le: '8' })).to.equal(0);
    expect(text).to.not.match(/tinyllm_queue_capacity|tinyllm_system_info/);
    const other = { model: 'other', graph: 'other', request_type: 'other' };
    expect(sampleValue(text, 'tinyllm_requests_total', other)).to.equal(2);
    expect(sampleValue(text, 'tinyllm_metrics_overflow_total', { metric: 'tinyllm_requests_total' })).to.equal(2);
  }).timeout(20_000);

  it('takes precedence over TINYLLM_BUCKETS for the histograms that it names', async () => {
    const script = `
      configureMetrics({ buckets: { tinyllm_request_latency_seconds: [7] } });
      const metrics = getMetricsCollector();
      metrics.trackRequestLatency({ model: 'm' }).end();
      metrics.trackNodeExecution({ node: 'n' }).end();
      process.stdout.write(await registry.metrics());
    `;
    const buckets = 'tinyllm_request_latency_seconds=1,2; tinyllm_node_execution_duration_seconds = 3 , 4';
    const text = await inFreshProcess(script, { TINYLLM_BUCKETS: buckets });
    expect(boundsIn(text, 'tinyllm_request_latency_seconds')).to.deep.equal(['7', '+Inf']);
    expect(boundsIn(text, 'tinyllm_node_execution_duration_seconds')).to.deep.equal(['3', '4', '+Inf']);
  }).timeout(20_000);

  it('rejects a late configuration completely', async () => {
    await registry.metrics();
    const { maxSeriesPerMetric } = getMetricsCollector().meter;
    expect(() =>
      configureMetrics({ maxSeriesPerMetric: 7, buckets: { tinyllm_scrape_duration_seconds: [1] } }),
    ).to.throw(MetricsConfigurationError, 'tinyllm_scrape_duration_seconds, which is already in use');
    expect(getMetricsCollector().meter.maxSeriesPerMetric).to.equal(maxSeriesPerMetric);
  });
});
