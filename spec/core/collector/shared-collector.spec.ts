import { expect } from 'chai';
import { configureMetrics, getMetricsCollector } from '../../../lib/core/collector/shared-collector.js';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { registry } from '../../../lib/core/metrics/shared-registry.js';
import { VERSION } from '../../../lib/core/version/version.js';
import { parseText, sampleValue } from '../../support/parse-text.js';
import { runNode } from '../../support/run-node.js';

/** Runs a script that imports the built public API in a separate process, and returns its output. */
async function inFreshProcess(script: string): Promise<string> {
  const program = `import { configureMetrics, getMetricsCollector, registry } from './lib/core/dist/index.js';\n${script}`;
  const { code, stdout, stderr } = await runNode(['--input-type=module', '--eval', program]);
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

  it('rejects a late configuration completely', async () => {
    await registry.metrics();
    const { maxSeriesPerMetric } = getMetricsCollector().meter;
    expect(() =>
      configureMetrics({ maxSeriesPerMetric: 7, buckets: { tinyllm_scrape_duration_seconds: [1] } }),
    ).to.throw(MetricsConfigurationError, 'tinyllm_scrape_duration_seconds, which is already in use');
    expect(getMetricsCollector().meter.maxSeriesPerMetric).to.equal(maxSeriesPerMetric);
  });
});
