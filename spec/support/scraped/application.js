// An application with metrics of all kinds, whose values change only on request. It sends the URL of its server and the
// exact quantiles of its distributions to its parent process. Each message of the parent creates a counter of this name
// and increments it once.
import prometheus from 'prom-client';
import {
  Counter,
  configureMetrics,
  Gauge,
  getMetricsCollector,
  Histogram,
  registry,
  startMetricsServer,
} from '../../../lib/core/dist/index.js';
import { logNormal } from './log-normal.js';

configureMetrics({ nativeHistograms: { default: true, tinyllm_node_execution_duration_seconds: false } });
const server = await startMetricsServer({ port: 0, openMetrics2: true });
const help = 'Has a \\, a " and a\nsecond line.';
const registers = [registry];
const labels = { index: 'a"b\\c\nd', outcome: '' };
const labelNames = Object.keys(labels);

function recordCatalog() {
  const collector = getMetricsCollector();
  collector.incrementRequestCount({ model: 'm' });
  for (let call = 0; call < 3; call++) {
    collector.trackRequestLatency({ model: 'm' }, () => 1);
    collector.trackNodeExecution({ node: 'n' }, () => 1);
  }
}

function recordCustom() {
  new Counter({ name: 'custom_calls_total', help, labelNames }).inc(labels, 3);
  new Counter({ name: 'custom_steps', help }).inc(2 ** 53);
  const level = new Gauge({ name: 'custom_level', help, labelNames: ['kind'] });
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.1, 1e-300]) {
    level.set({ kind: String(value) }, value);
  }
  const shapes = { classic: { nativeHistograms: false }, both: {}, native: { buckets: [] } };
  for (const [shape, options] of Object.entries(shapes)) {
    const wait = new Histogram({ name: `custom_${shape}_seconds`, help, labelNames, ...options });
    for (const seconds of [0, 0.001, 0.0011, 1, 1, 100_000]) wait.observe(labels, seconds);
    wait.zero({ index: 'empty' });
  }
  const change = new Histogram({ name: 'custom_change', help, buckets: [-1, 0, 1] });
  for (const value of [-1e5, -0.5, -0.5, 0, 0.25]) change.observe(value);
}

function recordUtf8() {
  new Counter({ name: 'custom.calls-é_total', help, labelNames: ['http.method'] }).inc({ 'http.method': 'get' });
  new Gauge({ name: 'custom big level', help, labelNames: ['ä'] }).set({ ä: 'ö' }, 1.5);
  const wait = new Histogram({ name: 'custom.wait.seconds', help, labelNames: ['a b'] });
  for (const seconds of [0.01, 0.02, 5]) wait.observe({ 'a b': 'é' }, seconds);
}

function recordForeign() {
  new prometheus.Counter({ name: 'foreign_calls_total', help, labelNames, registers }).inc(labels, 5);
  new prometheus.Gauge({ name: 'foreign_level', help, registers }).set(Number.NaN);
  const wait = new prometheus.Histogram({
    name: 'foreign_seconds',
    help,
    labelNames,
    buckets: [0.1, 1, 10],
    registers,
  });
  for (const seconds of [0.05, 0.5, 50]) wait.observe(labels, seconds);
  const size = new prometheus.Summary({ name: 'foreign_bytes', help, percentiles: [0.5, 0.99], registers });
  for (const bytes of [1, 2, 300]) size.observe(bytes);
}

function recordExemplars() {
  const enableExemplars = true;
  const exemplarOf = (trace_id) => ({ exemplarLabels: { trace_id } });
  new Counter({ name: 'traced_calls_total', help, enableExemplars }).inc({ value: 2, ...exemplarOf('one') });
  const wait = new Histogram({ name: 'traced_seconds', help, enableExemplars, buckets: [0.1, 1] });
  wait.observe({ value: 0.05, ...exemplarOf('two') });
  wait.observe({ value: 7, ...exemplarOf('three') });
}

function recordDistributions() {
  const sizes = new Histogram({ name: 'distribution', help, labelNames: ['sigma'], buckets: [] });
  return [1, 2].flatMap((sigma) => {
    const series = sizes.labels(sigma);
    const values = logNormal(sigma);
    for (const value of values) series.observe(value);
    values.sort();
    return [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999].map((quantile) => {
      return { sigma, quantile, value: values[Math.ceil(quantile * values.length) - 1] };
    });
  });
}

for (const record of [recordCatalog, recordCustom, recordUtf8, recordForeign, recordExemplars]) record();
process.on('message', (name) => new Counter({ name, help }).inc());
process.on('disconnect', () => process.exit());
process.send({ url: server.url, quantiles: recordDistributions() });
