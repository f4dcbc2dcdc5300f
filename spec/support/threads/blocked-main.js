// Serves metrics, then blocks the main thread and counts requests. The argument is the duration in milliseconds.
import { getMetricsCollector, startMetricsServer } from '../../../lib/core/dist/index.js';

const server = await startMetricsServer({ port: 0 });
const collector = getMetricsCollector();
process.stdout.write(`${server.url}\n`, () => {
  const end = Date.now() + Number(process.argv[2]);
  while (Date.now() < end) collector.incrementRequestCount({ model: 'blocked' });
  server.close();
});
