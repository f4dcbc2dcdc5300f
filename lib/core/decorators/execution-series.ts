import type { MetricsCollector } from '../collector/collector.js';
import type { Counter } from '../metrics/counter.js';
import type { CountedMetrics } from '../metrics/track-work.js';
import type { TrackOptions } from '../recording/call-options.js';
import { CallSeries } from '../recording/call-series.js';

/** The metrics of nodes, graphs or tools. They have the same labels. `errors` also has the error type, as the last. */
export interface ExecutionMetrics extends CountedMetrics {
  readonly errors: Counter;
  readonly cancelled: Counter;
}

/** The series of one node, graph or tool. */
export class ExecutionSeries extends CallSeries {
  readonly #metrics: ExecutionMetrics;
  readonly #values: readonly string[];
  readonly #additional: readonly string[];

  /** `values` contains the values of the metrics' labels, and then those of the additional labels. */
  constructor(
    values: readonly string[],
    options: TrackOptions,
    collector: MetricsCollector,
    metrics: ExecutionMetrics,
  ) {
    const { calls, active, duration } = metrics;
    super(
      { calls: calls.series(...values), active: active.series(...values), duration: duration.series(...values) },
      options,
      collector,
    );
    this.#metrics = metrics;
    const count = values.length - collector.meter.labels.length;
    this.#values = values.slice(0, count);
    this.#additional = values.slice(count);
  }

  override failed(errorType: string): void {
    this.#metrics.errors.series(...this.#values, errorType, ...this.#additional).inc();
  }

  override cancelled(): void {
    this.#metrics.cancelled.series(...this.#values, ...this.#additional).inc();
  }
}
