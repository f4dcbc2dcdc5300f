import { WRITES_CELL } from '../cells.js';
import { BoundSeries } from './bound-series.js';
import { invalidNumber, type LabelValues, type MetricConfiguration } from './configuration.js';
import { CustomMetric } from './custom-metric.js';
import { type GivenLabels, isLabels } from './label-values.js';
import type { ReadMetric } from './read-metric.js';
import { startStopwatch } from './stopwatch.js';

/** The configuration of a {@link Gauge}. */
export interface GaugeConfiguration<Label extends string> extends MetricConfiguration<Label> {
  /** Updates the values before they are read. */
  readonly collect?: ((this: Gauge<Label>) => void | Promise<void>) | undefined;
}

/**
 * A gauge with fixed labels, as `labels()` returns it.
 *
 * While it has cells, `inc`, `dec` and `set` need no lookup and allocate nothing.
 */
export class BoundGauge<Label extends string = string> extends BoundSeries {
  readonly #metric: Gauge<Label>;

  /** @internal */
  constructor(metric: Gauge<Label>, labelValues: readonly string[], given: GivenLabels) {
    super(labelValues, given);
    this.#metric = metric;
  }

  /** Adds a number; default 1. @throws {TypeError} with prom-client's text if it is not a number. */
  inc(value?: number): void {
    if (value !== undefined && typeof value !== 'number') throw invalidNumber(value, 'Delta');
    this.#add(value ?? 1);
  }

  /** Subtracts a number; default 1. @throws {TypeError} with prom-client's text if it is not a number. */
  dec(value?: number): void {
    if (value !== undefined && typeof value !== 'number') throw invalidNumber(value, 'Delta');
    this.#add(-(value ?? 1));
  }

  /** Sets the value. @throws {TypeError} with prom-client's text if it is not a number. */
  set(value: number): void {
    if (typeof value !== 'number') throw invalidNumber(value);
    if (!this.isLive) {
      this.liveSeries().set(value);
      return;
    }
    this.page[this.offset] = value;
    this.page[WRITES_CELL]! += 1;
  }

  /** Sets the value to the current Unix time in seconds. */
  setToCurrentTime(): void {
    this.set(Date.now() / 1_000);
  }

  /**
   * Starts a timer. The returned function sets the gauge to the seconds since the start, and returns them. It accepts
   * labels, which override labels of this gauge with the same names. The series with the resulting labels is then set.
   */
  startTimer(): (labels?: LabelValues<Label>) => number {
    const elapsed = startStopwatch();
    return (labels) => {
      const seconds = elapsed();
      if (labels === undefined) this.set(seconds);
      else this.#metric.set({ ...this.given, ...labels } as LabelValues<Label>, seconds);
      return seconds;
    };
  }

  /** @internal */
  protected openSeries(): BoundGauge<Label> {
    return this.#metric.reopen(this);
  }

  #add(value: number): void {
    if (!this.isLive) {
      this.liveSeries().#add(value);
      return;
    }
    this.page[this.offset]! += value;
    this.page[WRITES_CELL]! += 1;
  }
}

/** A value that goes up and down, such as the length of a queue. */
export class Gauge<Label extends string = string> extends CustomMetric<Label, BoundGauge<Label>> {
  readonly type = 'gauge';

  /**
   * Creates a gauge and registers it.
   *
   * @throws {TypeError | Error} with prom-client's text if the configuration is invalid or the name is in use.
   * @throws {InvalidDescriptorError} if a label name is reserved or the declaration is too large.
   */
  constructor(configuration: GaugeConfiguration<Label>) {
    super(
      configuration,
      { kind: 'gauge' },
      (metric, labelValues, given) => new BoundGauge(metric as Gauge<Label>, labelValues, given),
    );
  }

  /**
   * Adds a number to the series with these labels; default 1.
   *
   * @throws {Error} with prom-client's text if a label is unknown, or if the value is not a number.
   */
  inc(labels: LabelValues<Label>, value?: number): void;
  inc(value?: number): void;
  inc(first?: unknown, second?: unknown): void {
    this.#add(first, second, 1);
  }

  /**
   * Subtracts a number from the series with these labels; default 1.
   *
   * @throws {Error} with prom-client's text if a label is unknown, or if the value is not a number.
   */
  dec(labels: LabelValues<Label>, value?: number): void;
  dec(value?: number): void;
  dec(first?: unknown, second?: unknown): void {
    this.#add(first, second, -1);
  }

  /**
   * Sets the series with these labels.
   *
   * @throws {Error} with prom-client's text if a label is unknown, or if the value is not a number.
   */
  set(labels: LabelValues<Label>, value: number): void;
  set(value: number): void;
  set(first: unknown, second?: unknown): void {
    const [labels, value] = isLabels(first) ? [first, second] : [{}, first];
    if (typeof value !== 'number') throw invalidNumber(value);
    this.series.get(labels).set(value);
  }

  /** Sets the series with these labels to the current Unix time in seconds. */
  setToCurrentTime(labels?: LabelValues<Label>): void {
    this.series.get(labels ?? {}).setToCurrentTime();
  }

  /** Starts a timer; see {@link BoundGauge.startTimer}. */
  startTimer(labels?: LabelValues<Label>): (labels?: LabelValues<Label>) => number {
    const elapsed = startStopwatch();
    return (endLabels) => {
      const seconds = elapsed();
      this.set({ ...labels, ...endLabels } as LabelValues<Label>, seconds);
      return seconds;
    };
  }

  /**
   * Returns the gauge with these labels: values in the order of the label names, or an object.
   *
   * @throws {Error} with prom-client's text if a label is unknown or the number of values is wrong.
   */
  labels(...values: readonly (string | number)[]): BoundGauge<Label>;
  labels(labels: LabelValues<Label>): BoundGauge<Label>;
  labels(...labels: readonly unknown[]): BoundGauge<Label> {
    return this.series.bind(labels);
  }

  /** Returns the values of this thread in prom-client's format, after `collect`. */
  async get(): Promise<ReadMetric<GaugeValue<Label>>> {
    const name = this.takeName();
    await this.update();
    const values = [...this.series.all].map(({ page, offset, given }) => ({
      value: page[offset]!,
      labels: { ...given } as LabelValues<Label>,
    }));
    return { help: this.help, name, type: this.type, values, aggregator: this.aggregator };
  }

  /** @internal */
  reopen(series: BoundGauge<Label>): BoundGauge<Label> {
    return this.series.reopen(series);
  }

  #add(first: unknown, second: unknown, sign: 1 | -1): void {
    const [labels, value = 1] = isLabels(first) ? [first, second] : [{}, first];
    if (typeof value !== 'number') throw invalidNumber(value, 'Delta');
    this.series.get(labels).inc(sign * value);
  }
}

/** A value of a gauge. */
export interface GaugeValue<Label extends string> {
  readonly value: number;
  readonly labels: LabelValues<Label>;
}
