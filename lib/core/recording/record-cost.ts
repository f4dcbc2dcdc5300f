import type { MetricsCollector } from '../collector/collector.js';

/** The cost of one request to a model. */
export interface RequestCost {
  /** In US dollars; a finite number of 0 or more. Undefined if the cost is unknown. */
  readonly costUsd: number | undefined;
  readonly model: string;
  /** Default: `default`. */
  readonly graph?: string | undefined;
  /** The values of additional labels, such as `provider`. Labels that are not declared are ignored. */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Adds the cost of a request, or counts a request with unknown cost. Labels without a value have those of `withLabels`.
 *
 * @throws {InvalidValueError} if the cost is negative or not finite.
 */
export function recordCost(collector: MetricsCollector, cost: RequestCost): void {
  const { meter, instruments } = collector;
  const { costUsd, model, graph = 'default', labels } = cost;
  if (!meter.isEnabled) return;
  const additional = meter.additionalLabelValues(labels);
  if (costUsd === undefined) instruments.unpricedRequests.series(model, ...additional).inc();
  else instruments.cost.series(model, graph, ...additional).inc(costUsd);
}
