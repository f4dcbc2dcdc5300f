import { expositionWriter } from '../formats/exposition-writer.js';
import { metricFilter } from '../formats/filter.js';
import { readMetrics } from '../formats/foreign.js';
import type { ForeignMetric } from '../formats/foreign-metric.js';
import { repairMetricName } from '../metrics/exposition-names.js';
import { stringOf } from '../metrics/foreign-values.js';
import { ownDescriptors } from '../metrics/own-descriptors.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import type { Slices } from '../metrics/slices.js';
import { updateMetrics } from '../metrics/update-metrics.js';
import { foreignTurns } from './foreign-turns.js';
import type { ScrapeQuery } from './scrape-query.js';

/** A scrape that waits for foreign metrics. */
interface Waiting {
  readonly query: ScrapeQuery;
  readonly onDelay: () => void;
  readonly resolve: (content: Promise<Uint8Array>) => void;
  readonly reject: (error: unknown) => void;
}

/** How to write foreign metrics. */
export interface WriteForeignMetricsOptions {
  /** The registry whose metrics are in the same scrape. It counts foreign metrics with problems. */
  readonly registry: SharedRegistry;
  /** Timeout for each metric, in milliseconds; default and maximum 900. */
  readonly milliseconds?: number | undefined;
}

/** How to write foreign metrics in time slices. */
export interface RenderForeignOptions extends WriteForeignMetricsOptions {
  readonly slices: Slices;
}

/** Reads the foreign metrics of a registry once for all scrapes that wait at the same time. */
export class ForeignRenders {
  readonly #registry: SharedRegistry;
  #waiting: Waiting[] = [];

  constructor(registry: SharedRegistry) {
    this.#registry = registry;
  }

  /**
   * Writes the requested metrics. Values are never older than this call.
   *
   * @param onDelay Called if the reading must wait for earlier readings or takes longer than a time slice of 5 ms. It
   * may be called several times.
   */
  render(query: ScrapeQuery, onDelay: () => void = () => {}): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ query, onDelay, resolve, reject });
      if (this.#waiting.length > 1) {
        onDelay();
        return;
      }
      let served = this.#waiting;
      const delayed = (): void => {
        for (const waiting of served) waiting.onDelay();
      };
      const serve = async (slices: Slices): Promise<void> => {
        served = this.#waiting;
        this.#waiting = [];
        try {
          await this.#serve(served, slices);
        } catch (error) {
          for (const waiting of served) waiting.reject(error);
        }
      };
      void foreignTurns.run(serve, delayed);
    });
  }

  async #serve(waiting: readonly Waiting[], slices: Slices): Promise<void> {
    const metrics = this.#registry.foreignMetrics() as ForeignMetric[];
    const queries = waiting.map(({ query }) => query);
    const [write] = await Promise.all([
      readForQueries(metrics, queries, { registry: this.#registry, slices }),
      updateMetrics(this.#registry),
    ]);
    const contents = new Map<string, Promise<Uint8Array>>();
    for (const { query, resolve } of waiting) {
      const key = JSON.stringify([query.format, query.escaping, [...query.names].sort()]);
      const content = contents.get(key) ?? write(query);
      contents.set(key, content);
      resolve(content);
      await content;
    }
  }
}

/** Reads the metrics that any of the queries selects. Returns a function that writes them for one query. */
export async function readForQueries(
  metrics: readonly ForeignMetric[],
  queries: readonly ScrapeQuery[],
  { registry, milliseconds, slices }: RenderForeignOptions,
): Promise<(query: ScrapeQuery) => Promise<Uint8Array>> {
  const described = metrics.map(({ name, metric }) => ({
    metric: { name, metric },
    name: typeof name === 'string' ? (repairMetricName(name) ?? '') : '',
    type: typeOf(metric),
  }));
  const filters = queries.map(({ names, escaping }) => metricFilter(names, escaping));
  const requested = described.filter((one) => filters.some((isRequested) => isRequested(one)));
  const reserved = ownDescriptors(registry).map(({ name, kind }) => ({ name, type: kind }));
  const options = { defaultLabels: registry.defaultLabels, reserved, milliseconds, slices };
  const readings = await readMetrics(
    requested.map(({ metric }) => metric),
    options,
  );
  return async (query) => {
    const isRequested = metricFilter(query.names, query.escaping);
    const selected = readings.filter((_, index) => isRequested(requested[index]!));
    const { bytes, failed, repaired } = await expositionWriter(query).writeReadings(selected, options);
    registry.countForeignErrors(failed.length + repaired.length);
    return bytes;
  };
}

function typeOf(metric: ForeignMetric['metric']): string {
  try {
    return stringOf((metric as { readonly type?: unknown }).type) ?? 'untyped';
  } catch {
    return 'untyped';
  }
}
