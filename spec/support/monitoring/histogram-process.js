// Serves all metrics of the catalog with native histograms, prints the server's URL, and records metrics until it ends.
// The values of each histogram are log-normal around the middle of its classic buckets. SIGUSR2 records the first request
// of the model `late`.
import { catalog } from '../../../.cache/compiled/core/catalog/catalog.js';
import { configureMetrics, getMetricsCollector, startMetricsServer } from '../../../lib/core/dist/index.js';

configureMetrics({ nativeHistograms: true });
const { instruments } = getMetricsCollector();
const labelValues = { model: ['a', 'b'], node: ['n', 'o'] };

const recorders = Object.entries(catalog).flatMap(([key, metric]) =>
  labelSets(metric.labels).map((values, index) => recorder(metric, instruments[key].series(...values), index + 1)),
);
const server = await startMetricsServer({ port: 0 });
setInterval(() => recorders.forEach((record) => void record()), 20);
process.on('SIGUSR2', () => {
  instruments.requests.series('late', 'g', 'generate').inc();
  instruments.requestLatency.series('late', 'g').observe(1);
});
process.stdout.write(`${server.url}\n`);

/** All combinations of the label values. A label without values in `labelValues` has its name as its value. */
function labelSets(labels) {
  return labels.reduce(
    (sets, label) => sets.flatMap((set) => (labelValues[label] ?? [label]).map((value) => [...set, value])),
    [[]],
  );
}

/** A function that records some values. The series of a metric differ by `factor`. */
function recorder({ kind, buckets }, series, factor) {
  if (kind === 'counter') return () => series.inc(factor);
  if (kind === 'gauge') return () => series.set(factor);
  if (kind !== 'histogram') return () => undefined;
  const middle = Math.sqrt(buckets[0] * buckets.at(-1)) * factor;
  return () => {
    for (let time = 0; time < 5; time++) series.observe(middle * Math.exp(normal()));
  };
}

/** A normally distributed random number, by the Box–Muller transform. */
function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
