// Serves many histogram series from the main thread and measures its memory. The arguments are the number of metrics and
// of series for each. The message `start` starts a measurement. Any other message ends it; the response is the maximum
// of the used memory, in bytes, minus that at the start. Needs `--expose-gc`.
import { Histogram, startMetricsServer } from '../../../lib/core/dist/index.js';

const [metrics, series] = process.argv.slice(2).map(Number);
for (let metric = 0; metric < metrics; metric++) {
  const name = `large_${metric}_seconds`;
  const histogram = new Histogram({ name, help: 'A metric of a test.', labelNames: ['series'], maxSeries: series });
  for (let one = 0; one < series; one++) histogram.observe({ series: one }, one / 1_000);
}
const server = await startMetricsServer({ port: 0, thread: false });

let [atStart, maximum] = [0, 0];
let timer;

function usedBytes() {
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function measure() {
  maximum = Math.max(maximum, usedBytes());
}

process.on('message', (message) => {
  clearInterval(timer);
  if (message === 'start') {
    atStart = usedBytes();
    maximum = atStart;
    timer = setInterval(measure, 200);
    process.send('started');
  } else process.send(maximum - atStart);
});
process.on('disconnect', () => process.exit());
process.send({ url: server.url });
