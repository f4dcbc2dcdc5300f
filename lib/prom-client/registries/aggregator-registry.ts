import type { PrometheusContentType, RegistryContentType } from 'prom-client-original';
import { aggregators, type CollectedMetric } from './aggregators.js';
import { handleClusterMessages, requestWorkerMetrics, setReportedRegistries } from './cluster-messages.js';
import { type AnyRegistry, Registry } from './registry.js';

/**
 * A registry that combines the metrics of all `node:cluster` workers with the `aggregator` of each metric.
 *
 * Create one in the primary and one in each worker. Call `clusterMetrics` in the primary.
 */
export class AggregatorRegistry<
  ContentType extends RegistryContentType = PrometheusContentType,
> extends Registry<ContentType> {
  constructor(contentType?: ContentType) {
    super(contentType);
    handleClusterMessages();
  }

  /**
   * Renders the aggregated metrics of all connected workers as Prometheus text. Returns '' if there are none.
   *
   * @throws {Error} if a worker's metrics fail, or if a worker doesn't respond within 5 s.
   */
  async clusterMetrics(): Promise<string> {
    const responses = await requestWorkerMetrics();
    return responses === undefined ? '' : AggregatorRegistry.aggregate(responses).metrics();
  }

  /**
   * Creates a registry from the results of `getMetricsAsJSON`. Each metric is aggregated with its `aggregator`.
   *
   * @throws {Error} if a metric's aggregator is unknown.
   */
  static aggregate<ContentType extends RegistryContentType = PrometheusContentType>(
    collected: readonly object[],
    contentType?: ContentType,
  ): Registry<ContentType> {
    const aggregated = new Registry<ContentType>(contentType);
    const byName = new Map<string, CollectedMetric[]>();
    for (const metric of (collected as CollectedMetric[][]).flat()) {
      const metrics = byName.get(metric.name);
      if (metrics === undefined) byName.set(metric.name, [metric]);
      else metrics.push(metric);
    }
    for (const metrics of byName.values()) {
      const name = String(metrics[0]?.aggregator);
      const aggregate = Object.hasOwn(aggregators, name) ? aggregators[name as keyof typeof aggregators] : undefined;
      if (typeof aggregate !== 'function') throw new Error(`'${name}' is not a defined aggregator.`);
      const metric = aggregate(metrics);
      if (metric !== undefined) aggregated.registerMetric({ ...metric, get: () => metric } as never);
    }
    return aggregated;
  }

  /**
   * Sets the registries whose metrics a worker reports; default `register`.
   *
   * @throws {TypeError} if one of them is not a `Registry`.
   */
  static setRegistries(registries: AnyRegistry | readonly AnyRegistry[]): void {
    const all: readonly unknown[] = Array.isArray(registries) ? registries : [registries];
    for (const one of all) {
      if (!(one instanceof Registry)) throw new TypeError(`Expected Registry, got ${typeof one}`);
    }
    setReportedRegistries(all as AnyRegistry[]);
  }
}
