import { saturated, WRITES_CELL } from '../cells.js';
import { BoundSeries } from './bound-series.js';
import { invalidNumber, type LabelValues, type MetricConfiguration } from './configuration.js';
import { CustomMetric } from './custom-metric.js';
import { type GivenLabels, labelsAndValue } from './label-values.js';
import type { ReadMetric } from './read-metric.js';
import { startStopwatch } from './stopwatch.js';
import { type SummaryValue, summaryValues } from './summary-values.js';

/** Recent values, from which quantiles are computed. */
export interface QuantileWindow {
  /** Adds a value. */
  push(value: number): void;
  /** Returns the value of a quantile from 0 to 1; `undefined` if there are no values. */
  percentile(quantile: number): number | undefined;
  /** The number of stored values. */
  size(): number;
  /** Reduces the memory for the values. */
  compress(): void;
  /** Removes all values. */
  reset(): void;
}

/** The configuration of a {@link SummaryMetric}. */
export interface SummaryConfiguration<Label extends string> extends MetricConfiguration<Label> {
  /** The quantiles, from 0 to 1; default 0.01, 0.05, 0.5, 0.9, 0.95, 0.99 and 0.999. */
  readonly percentiles?: readonly number[] | undefined;
  /** Whether series without recent values are removed before they are read; default false. */
  readonly pruneAgedBuckets?: boolean | undefined;
  /** The memory for recent values is reduced each time a series has recorded this number of values; default 1,000. */
  readonly compressCount?: number | undefined;
  /** Updates the values before they are read. */
  readonly collect?: ((this: SummaryMetric<Label>) => void | Promise<void>) | undefined;
}

const DEFAULT_PERCENTILES = [0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999];
const DEFAULT_COMPRESS_COUNT = 1_000;

/** A summary with fixed labels, as `labels()` returns it. */
export class BoundSummary<Label extends string = string> extends BoundSeries {
  readonly #metric: SummaryMetric<Label>;
  #window: QuantileWindow | undefined;

  /** @internal */
  constructor(metric: SummaryMetric<Label>, labelValues: readonly string[], given: GivenLabels) {
    super(labelValues, given);
    this.#metric = metric;
  }

  /** @internal The recent values. */
  get window(): QuantileWindow {
    this.#window ??= this.#metric.createWindow();
    return this.#window;
  }

  /** Records a value. @throws {TypeError} with prom-client's text if it is not a finite number. */
  observe(value: number): void {
    if (!Number.isFinite(value)) throw invalidNumber(value);
    if (!this.isLive) {
      this.liveSeries().observe(value);
      return;
    }
    const { page, offset } = this;
    const { length } = this.#metric.descriptor.buckets;
    this.window.push(value);
    const count = page[offset + length]! + 1;
    page[offset + length] = count;
    page[offset + length + 1] = saturated(page[offset + length + 1]! + value);
    page[WRITES_CELL]! += 1;
    if (count % this.#metric.compressCount === 0) this.window.compress();
  }

  /** Starts a timer. The returned function records the seconds since the start, and returns them. */
  startTimer(): (labels?: LabelValues<Label>) => number {
    return this.#metric.startTimer(this.given as LabelValues<Label>);
  }

  /** @internal Until the first update, the quantiles are unknown. */
  override initialize(): void {
    this.page.fill(Number.NaN, this.offset, this.offset + this.#metric.descriptor.buckets.length);
  }

  /** @internal */
  override removeCells(): void {
    super.removeCells();
    this.#window = undefined;
  }

  /** @internal */
  protected openSeries(): BoundSummary<Label> {
    return this.#metric.reopen(this);
  }
}

/**
 * Quantiles of recent values, with prom-client 15's API for summaries.
 *
 * The count and the sum in shared memory are always current. The quantiles are computed before each read. A scrape that
 * doesn't wait for the computation reads the previous quantiles.
 */
export class SummaryMetric<Label extends string = string> extends CustomMetric<Label, BoundSummary<Label>> {
  readonly type = 'summary';
  /** @internal */
  readonly createWindow: () => QuantileWindow;
  /** @internal */
  readonly compressCount: number;
  readonly #prunes: boolean;

  /**
   * Creates a summary and registers it.
   *
   * @param createWindow Creates the storage for the recent values of a series.
   * @throws {TypeError | Error} with prom-client's text if the configuration is invalid or the name is in use.
   * @throws {InvalidDescriptorError} if a quantile is invalid, a label name is reserved or the declaration is too
   * large.
   */
  constructor(configuration: SummaryConfiguration<Label>, createWindow: () => QuantileWindow) {
    const { labelNames, percentiles, pruneAgedBuckets, compressCount } = Object(
      configuration,
    ) as SummaryConfiguration<Label>;
    if (labelNames?.includes('quantile' as Label)) throw new Error('quantile is a reserved label keyword');
    super(
      configuration,
      { kind: 'summary', buckets: percentiles ?? DEFAULT_PERCENTILES },
      (metric, labelValues, given) => new BoundSummary(metric as SummaryMetric<Label>, labelValues, given),
    );
    this.createWindow = createWindow;
    this.compressCount = compressCount ?? DEFAULT_COMPRESS_COUNT;
    this.#prunes = Boolean(pruneAgedBuckets);
  }

  /**
   * Records a value in the series with these labels.
   *
   * @throws {Error} with prom-client's text if a label is unknown or the value is not a finite number.
   */
  observe(labels: LabelValues<Label>, value: number): void;
  observe(value: number): void;
  observe(first: unknown, second?: unknown): void {
    const [labels, value] = labelsAndValue(first, second);
    if (typeof value !== 'number' || !Number.isFinite(value)) throw invalidNumber(value);
    this.series.get(labels).observe(value);
  }

  /** Starts a timer. The returned function records the seconds since the start, and returns them. */
  startTimer(labels?: LabelValues<Label>): (labels?: LabelValues<Label>) => number {
    const elapsed = startStopwatch();
    return (endLabels) => {
      const value = elapsed();
      this.observe({ ...labels, ...endLabels } as LabelValues<Label>, value);
      return value;
    };
  }

  /**
   * Returns the summary with these labels: values in the order of the label names, or an object.
   *
   * @throws {Error} with prom-client's text if a label is unknown or the number of values is wrong.
   */
  labels(...values: readonly (string | number)[]): BoundSummary<Label>;
  labels(labels: LabelValues<Label>): BoundSummary<Label>;
  labels(...labels: readonly unknown[]): BoundSummary<Label> {
    return this.series.bind(labels);
  }

  /** Sets all series to zero. They keep their labels. */
  override reset(): void {
    this.series.zero();
    for (const { window } of this.series.all) window.reset();
  }

  /** Returns the values of this thread in prom-client's format, after `collect`. */
  async get(): Promise<ReadMetric<SummaryValue<Label>>> {
    const name = this.takeName();
    await this.update();
    const { name: ownName, descriptor } = this;
    const values = [...this.series.all].flatMap((series) =>
      summaryValues<Label>(series, { name: ownName, quantiles: descriptor.buckets }),
    );
    return { name, help: this.help, type: this.type, values, aggregator: this.aggregator };
  }

  /** @internal */
  override get needsUpdate(): boolean {
    return true;
  }

  /** @internal Calls `collect`, then computes the quantiles. */
  override async update(): Promise<void> {
    await super.update();
    for (const series of [...this.series.all]) {
      if (this.#prunes && series.window.size() === 0) this.series.remove(series.given);
      else this.#writeQuantiles(series);
    }
  }

  /** @internal */
  reopen(series: BoundSummary<Label>): BoundSummary<Label> {
    return this.series.reopen(series);
  }

  #writeQuantiles({ page, offset, window }: BoundSummary<Label>): void {
    window.compress();
    this.descriptor.buckets.forEach((quantile, index) => {
      page[offset + index] = window.percentile(quantile) || 0;
    });
    page[WRITES_CELL]! += 1;
  }
}
