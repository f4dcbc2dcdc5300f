// The p95 of a fast function, from the classic buckets and from the native histogram of the same scrape.
import { configureMetrics, Histogram, startMetricsServer, trackNode } from 'tinyllm';

configureMetrics({ nativeHistograms: true });

const route = trackNode((question: string) => question.split(' ').length, { graph: 'assistant', node: 'route' });

// A histogram of the application with its own resolution, and without classic buckets.
const scores = new Histogram({
  name: 'rag_scores',
  help: 'Similarity of found documents.',
  buckets: [],
  nativeHistograms: { factor: 1.05, zeroThreshold: 0.001 },
});
for (const score of [0, 0.25, 0.5, 0.5, -0.5]) scores.observe(score);

const server = await startMetricsServer({ port: 0 });
const calls = 10_000;
for (let call = 0; call < calls; call++) route('What is 2+2?');

// Prometheus reads native histograms from protobuf. OpenMetrics 2.0 contains the same values as text.
const scrape = await fetch(`${server.url}/metrics?openmetrics2=1`, {
  headers: { Accept: 'application/openmetrics-text;version=2.0.0' },
});
const lines = (await scrape.text()).split('\n');
const series = lines.find((line) => line.startsWith('tinyllm_node_execution_duration_seconds{')) ?? '';

/** The numbers of a field: `bucket:[0.01:7,0.05:9]` contains two pairs. */
function field(name: string) {
  const [, text = ''] = new RegExp(`\\b${name}:\\[([^\\]]*)`).exec(series) ?? [];
  return text.split(',').map((item) => item.split(':').map(Number));
}

const rank = 0.95 * calls;

/** As `histogram_quantile` of Prometheus for classic buckets: linear interpolation in the bucket that has the rank. */
function classicP95() {
  let [lower, below] = [0, 0];
  for (const [bound = 0, cumulative = 0] of field('bucket')) {
    if (cumulative >= rank) return lower + ((bound - lower) * (rank - below)) / (cumulative - below);
    [lower, below] = [bound, cumulative];
  }
  return Number.NaN;
}

/** As `histogram_quantile` of Prometheus for native buckets: exponential interpolation. */
function nativeP95() {
  const [, schema] = /schema:(-?\d+)/.exec(series) ?? [];
  const factor = 2 ** (2 ** -Number(schema));
  const counts = field('positive_buckets').flat();
  let [index, below] = [0, 0];
  for (const [offset = 0, length = 0] of field('positive_spans')) {
    index += offset;
    for (const count of counts.splice(0, length)) {
      if (below + count >= rank) return factor ** (index - 1 + (rank - below) / count);
      below += count;
      index++;
    }
  }
  return Number.NaN;
}

const [classic, native] = [classicP95() * 1000, nativeP95() * 1000];
console.log(`p95 of the classic histogram: ${classic.toFixed(1)} ms`);
console.log(`p95 of the native histogram: ${native.toPrecision(2)} ms`);
console.log(`The native p95 is below 1 ms: ${native < 1}`);
console.log(lines.find((line) => line.startsWith('rag_scores '))?.replace(/ st@.*/, ''));
await server.close();
