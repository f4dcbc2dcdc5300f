import { inspect } from 'node:util';
import { bucketOf } from '../bucket-of.js';
import { type CellSlice, saturated, WRITES_CELL } from '../cells.js';
import { describeCustomMetric } from '../descriptor.js';
import type { NativeSettings } from '../native/native-histogram.js';
import type { NativeRecorder } from '../native/native-recorder.js';
import type { NativeHistogramChoice } from '../native/native-settings.js';
import { exemplarIndex } from '../series.js';
import { BoundSeries } from './bound-series.js';
import { invalidNumber, type LabelValues, type MetricConfiguration, nativeHistogramsOf } from './configuration.js';
import { CustomMetric } from './custom-metric.js';
import { createExemplar } from './exemplar.js';
import { type HistogramValue, histogramValues, type SharedHistogramValue } from './histogram-values.js';
import { type GivenLabels, isLabels, labelsAndValue, withExemplar } from './label-values.js';
import type { ReadMetric } from './read-metric.js';
import { startStopwatch } from './stopwatch.js';

/** prom-client's default bounds, in seconds. */
const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The configuration of a {@link Histogram}. */
export interface HistogramConfiguration<Label extends string> extends MetricConfiguration<Label> {
  /** Upper bounds of the buckets, ascending; default 0.005 to 10, for seconds. +Inf is always added. */
  readonly buckets?: readonly number[] | undefined;
  /**
   * Whether the histogram is native, in addition to its buckets: `true`, `false`, or options such as `{ factor: 1.05
   * }`. With `buckets: []`, it is only native. Default: `nativeHistograms` of `configureMetrics`, if it is in the
   * shared registry.
   */
  readonly nativeHistograms?: NativeHistogramChoice | undefined;
  /** Updates the values before they are read. */
  readonly collect?: ((this: Histogram<Label>) => void | Promise<void>) | undefined;
}

/** An observation with an exemplar. */
export interface HistogramObservation<Label extends string> {
  readonly labels?: LabelValues<Label> | undefined;
  readonly value: number;
  /** Labels of the exemplar, such as a trace ID: at most 128 characters. Default: the exemplar does not change. */
  readonly exemplarLabels?: Readonly<Record<string, string | number>> | undefined;
}

/** Ends a timer: observes the seconds since the start, with further labels, and returns them. */
export type EndTimer<Label extends string> = (
  labels?: LabelValues<Label>,
  exemplarLabels?: HistogramObservation<Label>['exemplarLabels'],
) => number;

/**
 * A histogram with fixed labels, as `labels()` returns it.
 *
 * While it has cells, `observe` needs no lookup and allocates nothing.
 */
export class BoundHistogram<Label extends string = string> extends BoundSeries {
  readonly #metric: Histogram<Label>;
  readonly #bounds: Float64Array;
  #native: NativeRecorder | undefined;

  /** @internal */
  constructor(metric: Histogram<Label>, labelValues: readonly string[], given: GivenLabels) {
    super(labelValues, given);
    this.#metric = metric;
    this.#bounds = metric.descriptor.bounds;
  }

  /** @internal */
  override get native(): NativeRecorder | undefined {
    return this.#native;
  }

  /** @internal */
  override setCells(cells: CellSlice, native?: NativeRecorder): void {
    super.setCells(cells);
    this.#native = native;
  }

  /** Counts a value. @throws {TypeError} with prom-client's text if it is not a finite number. */
  observe(value: number): void {
    if (!this.isLive) {
      if (!Number.isFinite(value)) throw invalidNumber(value);
      this.liveSeries().observe(value);
      return;
    }
    if (!Number.isFinite(value)) throw invalidNumber(value);
    const { page, offset } = this;
    const bounds = this.#bounds;
    const bucketCell = offset + bucketOf(bounds, value);
    const sumCell = offset + bounds.length + 1;
    const sum = saturated(page[sumCell]! + value);
    // Readers rely on this order: they read the native buckets after the others. If the stack overflows, nothing is
    // counted: there is no call of a function after the first write.
    if (this.#native !== undefined) this.#native.record(value);
    page[bucketCell]! += 1;
    page[sumCell] = sum;
    page[WRITES_CELL]! += 1;
  }

  /** Starts a timer. The returned function observes the seconds since the start, and returns them. */
  startTimer(): EndTimer<Label> {
    return this.#metric.startTimer(this.given as LabelValues<Label>);
  }

  /** @internal */
  protected openSeries(): BoundHistogram<Label> {
    return this.#metric.reopen(this);
  }
}

/** A distribution of values, such as durations: the number of values up to each bound, and the sum. */
export class Histogram<Label extends string = string> extends CustomMetric<Label, BoundHistogram<Label>> {
  readonly type = 'histogram';
  /** @internal */
  readonly choosesNative: boolean;

  /**
   * Creates a histogram and registers it.
   *
   * @throws {TypeError | Error} with prom-client's text if the configuration is invalid or the name is in use.
   * @throws {InvalidDescriptorError} if the bounds are invalid, a label name is reserved or the declaration is too
   * large.
   */
  constructor(configuration: HistogramConfiguration<Label>) {
    const given = Object(configuration) as HistogramConfiguration<Label>;
    const { labelNames, buckets } = given;
    if (labelNames?.includes('le' as Label)) throw new Error('le is a reserved label keyword');
    super(
      configuration,
      { kind: 'histogram', buckets: withoutInfinity(buckets ?? DEFAULT_BUCKETS), native: nativeHistogramsOf(given) },
      (metric, labelValues, given) => new BoundHistogram(metric as Histogram<Label>, labelValues, given),
    );
    this.choosesNative = given.nativeHistograms !== undefined;
  }

  /**
   * Counts a value in the series with these labels. With `enableExemplars`, the only argument is a
   * {@link HistogramObservation}.
   *
   * @throws {Error} with prom-client's text if a label is unknown or the value is not a finite number.
   */
  observe(labels: LabelValues<Label>, value: number): void;
  observe(value: number): void;
  observe(observation: HistogramObservation<Label>): void;
  observe(first: unknown, second?: unknown): void {
    if (this.enableExemplars) {
      this.#observeWithExemplar(withExemplar(first, second) as HistogramObservation<Label>);
      return;
    }
    const [labels, value] = labelsAndValue(first, second);
    this.#observe(labels, value);
  }

  /** @internal */
  get hasObservations(): boolean {
    const { bounds } = this.descriptor;
    return [...this.series.all].some(({ page, offset }) =>
      page.subarray(offset, offset + bounds.length + 1).some((count) => count > 0),
    );
  }

  /** @internal */
  configureNative(native: NativeSettings | undefined): void {
    this.redescribe(describeCustomMetric({ ...this.descriptor, kind: 'histogram', native }));
  }

  /** Creates the series with these labels, or sets it to zero. */
  zero(labels: LabelValues<Label> = {}): void {
    this.series.renew(labels);
  }

  /** Removes all series. */
  override reset(): void {
    this.series.clear();
  }

  /** Starts a timer. The returned function observes the seconds since the start, and returns them. */
  startTimer(
    labels?: LabelValues<Label>,
    exemplarLabels?: HistogramObservation<Label>['exemplarLabels'],
  ): EndTimer<Label> {
    const elapsed = startStopwatch();
    return (endLabels, endExemplarLabels) => {
      const value = elapsed();
      const allLabels = { ...labels, ...endLabels } as LabelValues<Label>;
      if (this.enableExemplars) {
        const allExemplarLabels = { ...exemplarLabels, ...endExemplarLabels };
        this.#observeWithExemplar({ labels: allLabels, value, exemplarLabels: allExemplarLabels });
      } else this.#observe(allLabels, value);
      return value;
    };
  }

  /**
   * Returns the histogram with these labels: values in the order of the label names, or an object.
   *
   * @throws {Error} with prom-client's text if a label is unknown or the number of values is wrong.
   */
  labels(...values: readonly (string | number)[]): BoundHistogram<Label>;
  labels(labels: LabelValues<Label>): BoundHistogram<Label>;
  labels(...labels: readonly unknown[]): BoundHistogram<Label> {
    return this.series.bind(labels);
  }

  /** Returns the values of this thread in prom-client's format, after `collect`. */
  async get(): Promise<ReadMetric<HistogramValue<Label>>> {
    const { values, ...metric } = await this.getForPromString();
    const splayed = values.map(({ sharedLabels, labels, ...value }) => ({
      ...value,
      labels: { ...labels, ...sharedLabels } as LabelValues<Label | 'le'>,
    }));
    return { ...metric, values: splayed };
  }

  /** @internal The values in the format from which prom-client's registry writes text. */
  async getForPromString(): Promise<ReadMetric<SharedHistogramValue>> {
    const name = this.takeName();
    await this.update();
    const values = [...this.series.all].flatMap((series) =>
      histogramValues(series, { name, bounds: this.descriptor.buckets, hasExemplars: this.enableExemplars }),
    );
    return { name, help: this.help, type: this.type, values, aggregator: this.aggregator };
  }

  /** @internal */
  reopen(series: BoundHistogram<Label>): BoundHistogram<Label> {
    return this.series.reopen(series);
  }

  #observe(labels: GivenLabels, value: unknown): BoundHistogram<Label> {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw invalidNumber(value);
    const series = this.series.get(labels);
    series.observe(value);
    return series;
  }

  #observeWithExemplar({ labels, value, exemplarLabels = {} }: HistogramObservation<Label>): void {
    const hasExemplar = Object.keys(exemplarLabels).length > 0;
    const exemplar = hasExemplar ? createExemplar(exemplarLabels, value) : undefined;
    const series = this.#observe(isLabels(labels) ? labels : {}, value);
    if (exemplar !== undefined) {
      this.series.storeExemplar(series, exemplarIndex(this.descriptor, value), exemplar);
    }
  }
}

/** prom-client accepts +Inf as the last bound. A scrape always contains this bucket. */
function withoutInfinity(buckets: readonly number[]): readonly number[] {
  if (!Array.isArray(buckets)) throw new TypeError(`buckets is ${inspect(buckets)}; expected a list of numbers.`);
  return buckets.at(-1) === Number.POSITIVE_INFINITY ? buckets.slice(0, -1) : buckets;
}
