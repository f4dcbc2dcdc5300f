// A process with native histograms and a metrics server. Each line of standard input is a JSON array of durations in
// seconds, of requests and of executions of a node. The process prints its URL, and then a line for each line.
import { createInterface } from 'node:readline';
import { configureMetrics, getMetricsCollector, startMetricsServer } from '../../lib/core/dist/index.js';
import { instrumentsOf } from '../../lib/core/dist/recording.js';

configureMetrics({ nativeHistograms: true });
const collector = getMetricsCollector();
const { requestLatency, nodeDuration } = instrumentsOf(collector);
const { url } = await startMetricsServer({ port: 0 });
process.stdout.write(`${url}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  for (const seconds of JSON.parse(line)) {
    collector.incrementRequestCount({ model: 'tiny' });
    requestLatency.series('tiny', 'g').observe(seconds);
    nodeDuration.series('quick', 'g').observe(seconds);
  }
  process.stdout.write('recorded\n');
}
process.exit();
