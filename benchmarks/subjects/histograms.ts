import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { catalog } from 'tinyllm/catalog';
import { BUCKETS } from './subject.js';

/** Histogram series of one library, and a server for them. */
export interface HistogramStore {
  /** Creates the series with this number if it doesn't exist, and observes these values in it. */
  observe(index: number, values: readonly number[]): void;
  /** Serves all series. Resolves to the URL of the metrics. */
  serve(): Promise<string>;
}

/** The libraries whose scrapes and memory are measured. */
export type Library = 'tinyllm' | 'prom-client';

/** Options of a store. */
export interface StoreOptions {
  /** Whether the series have native histograms in addition to their buckets. Only TinyLLM has them. Default: false. */
  readonly native?: boolean;
}

/** The first values of each series, in seconds. */
export const OBSERVATIONS: readonly number[] = [0.003, 0.012, 0.047, 0.21, 0.83, 3.7, 42.1];

/** Values from 100 µs to 10 s, in seconds, evenly spread on a logarithmic scale: five decades. */
export function latencies(count: number): number[] {
  return Array.from({ length: count }, (_, index) => 1e-4 * 10 ** ((5 * (index + 0.5)) / count));
}

/** Loads one library and creates its store. Does not load the other library. */
export async function openStore(library: Library, options: StoreOptions = {}): Promise<HistogramStore> {
  return library === 'tinyllm' ? tinyllm(options) : promClient();
}

async function tinyllm({ native = false }: StoreOptions): Promise<HistogramStore> {
  const { configureMetrics, getMetricsCollector, startMetricsServer } = await import('tinyllm');
  const { instrumentsOf } = await import('tinyllm/recording');
  configureMetrics({ maxSeriesPerMetric: 1_000_000, ...(native && { nativeHistograms: true }) });
  const { requestLatency } = instrumentsOf(getMetricsCollector());
  return {
    observe: (index, values) => {
      const series = requestLatency.series(`model-${index}`, 'benchmark');
      for (const seconds of values) series.observe(seconds);
    },
    serve: async () => `${(await startMetricsServer({ port: 0 })).url}/metrics`,
  };
}

async function promClient(): Promise<HistogramStore> {
  const { Histogram, Registry } = (await import('prom-client')).default;
  const registry = new Registry();
  const histogram = new Histogram({
    name: catalog.requestLatency.name,
    help: 'Time from the start of a request to its answer.',
    labelNames: ['model', 'graph'],
    buckets: BUCKETS,
    registers: [registry],
  });
  return {
    observe: (index, values) => {
      const labels = { model: `model-${index}`, graph: 'benchmark' };
      for (const seconds of values) histogram.observe(labels, seconds);
    },
    serve: async () => {
      const server = createServer(async (_request, response) => {
        const text = await registry.metrics();
        response.setHeader('Content-Type', registry.contentType).end(text);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
    },
  };
}
