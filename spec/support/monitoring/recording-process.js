// Records every metric of the catalog, serves the metrics, and prints the server's URL. The argument is the number of
// recordings per metric. SIGUSR2 repeats the recordings.
import { catalog } from '../../../.cache/compiled/core/catalog/catalog.js';
import { getMetricsCollector, startMetricsServer } from '../../../lib/core/dist/index.js';

const [times] = process.argv.slice(2);
const { instruments } = getMetricsCollector();
const labelValue = { model: 'echo', graph: 'assistant', node: 'answer', from: 'closed', to: 'open', priority: 'high' };

const server = await startMetricsServer({ port: 0 });
recordTimes();
process.on('SIGUSR2', recordTimes);
process.stdout.write(`${server.url}\n`);

function recordTimes() {
  for (let time = 0; time < Number(times); time++) recordAll();
}

function recordAll() {
  for (const [key, { kind, labels }] of Object.entries(catalog)) {
    const series = () => instruments[key].series(...labels.map((label) => labelValue[label] ?? label));
    if (kind === 'counter') series().inc();
    // For a circuit breaker, 2 is the state open.
    if (kind === 'gauge') series().set(2);
    if (kind === 'histogram') series().observe(0.2);
  }
}
