import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Histogram } from 'prom-client';
import { configureMetrics, getMetricsCollector, registry, startMetricsServer } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';

// Runs in its own process: an application with an HTTP server, and the attacked metrics server.
// Arguments: `thread` or `in-process`, the number of series, `tinyllm` or `prom-client`, and a web configuration file.

const [, , where, series, library, webConfigFile] = process.argv;

/** Series of each prom-client metric. */
const seriesPerMetric = 500;

if (library === 'tinyllm') {
  configureMetrics({ maxSeriesPerMetric: Number(series) + 1 });
  const { requestLatency } = instrumentsOf(getMetricsCollector());
  for (let index = 0; index < Number(series); index++) requestLatency.series(`model-${index}`, 'attack').observe(1);
} else {
  for (let start = 0; start < Number(series); start += seriesPerMetric) {
    const name = `application_seconds_${start / seriesPerMetric}`;
    const histogram = new Histogram({ name, help: 'Seconds.', labelNames: ['user'], registers: [registry] });
    for (let index = 0; index < seriesPerMetric; index++) histogram.observe({ user: `user-${index}` }, 1);
  }
}

const metrics = await startMetricsServer({ port: 0, thread: where === 'thread', webConfigFile });
/** The application's own HTTP server. It responds with the port of the metrics server. */
const application = createServer((_request, response) => response.end(String(metrics.port)));
application.listen(0, '127.0.0.1', () => process.send?.((application.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
