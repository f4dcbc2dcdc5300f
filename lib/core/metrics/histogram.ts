import { InvalidValueError } from '../errors/errors.js';
import { bucketOf } from './bucket-of.js';
import { saturated, WRITES_CELL } from './cells.js';
import { Instrument } from './instrument.js';
import type { InstrumentHost } from './instrument-host.js';
import { NativeMetric } from './native/native-metric.js';
import { NativeRecorder } from './native/native-recorder.js';
import { nativeHeaderOf, Series } from './series.js';

/**
 * A distribution: the number of observations in each bucket, and their sum.
 *
 * The cells contain one count per bucket (not cumulative), then the count above the last bound, then the sum. The total
 * count is computed from the counts, so readers never see inconsistent counts.
 */
export class HistogramSeries extends Series {
  /** @internal Records the native histogram. Undefined if the metric has none. */
  native: NativeRecorder | undefined = undefined;

  /**
   * Counts one observation in the first bucket whose upper bound is at least the value. The sum stays finite.
   *
   * @throws {InvalidValueError} if the value is infinite or NaN. Nothing is then counted.
   */
  observe(value: number): void {
    if (!Number.isFinite(value)) {
      throw new InvalidValueError(this.descriptor.name, value, 'a finite number');
    }
    this.record(value);
  }

  /**
   * Counts one observation that is known to be a finite number.
   *
   * If the stack overflows, it counts nothing: it writes only after its last call of a function.
   */
  record(value: number): void {
    const { bounds } = this.descriptor;
    const { page, offset } = this;
    const bucketCell = offset + bucketOf(bounds, value);
    const sumCell = offset + bounds.length + 1;
    const sum = saturated(page[sumCell]! + value);
    // Readers rely on this order: they read the native buckets after the others.
    if (this.native !== undefined) this.native.record(value);
    page[bucketCell]! += 1;
    page[sumCell] = sum;
    page[WRITES_CELL]! += 1;
  }

  override reset(): void {
    super.reset();
    this.native?.clear();
  }
}

class NoHistogramSeries extends HistogramSeries {
  override observe(): void {}
  override record(): void {}
}

/** A metric whose series are distributions. */
export class Histogram<Labels extends readonly string[] = readonly string[]> extends Instrument<
  HistogramSeries,
  Labels
> {
  protected readonly seriesClass = HistogramSeries;
  protected readonly noopClass = NoHistogramSeries;
  #native: NativeMetric | undefined;

  protected override opened(series: HistogramSeries, { chunkMemory }: InstrumentHost): void {
    const { native } = this.descriptor;
    if (native === undefined) return;
    // The settings don't change after the first series.
    this.#native ??= new NativeMetric(native, chunkMemory);
    series.native = new NativeRecorder(nativeHeaderOf(this.descriptor, series), this.#native);
  }
}
