import type { MetricsCollector } from '../collector/collector.js';
import type { Counter } from '../metrics/counter.js';
import type { Gauge } from '../metrics/gauge.js';
import type { Histogram } from '../metrics/histogram.js';
import type { TrackOptions } from '../recording/call-options.js';
import { CallSeries } from '../recording/call-series.js';

/** The metrics of nodes, graphs or tools. They have the same labels. Errors also have the error type, as the last one. */
export interface ExecutionInstruments {
  readonly calls: Counter;
  readonly active: Gauge;
  readonly duration: Histogram;
  readonly errors: Counter;
  readonly cancelled: Counter;
}

/** The series of one node, graph or tool. */
export class ExecutionSeries extends CallSeries {
  readonly #values: readonly string[];
  readonly #instruments: ExecutionInstruments;

  constructor(
    values: readonly string[],
    options: TrackOptions,
    collector: MetricsCollector,
    instruments: ExecutionInstruments,
  ) {
    const { calls, active, duration } = instruments;
    super(
      { calls: calls.series(...values), active: active.series(...values), duration: duration.series(...values) },
      options,
      collector,
    );
    this.#values = values;
    this.#instruments = instruments;
  }

  override failed(errorType: string): void {
    this.#instruments.errors.series(...this.#values, errorType).inc();
  }

  override cancelled(): void {
    this.#instruments.cancelled.series(...this.#values).inc();
  }
}
