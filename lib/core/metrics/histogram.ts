import { InvalidValueError } from '../errors/errors.js';
import { bucketOf } from './bucket-of.js';
import { saturated, WRITES_CELL } from './cells.js';
import { Instrument } from './instrument.js';
import { Series } from './series.js';

/**
 * A distribution: how many observations fell into each bucket, and their sum.
 *
 * The cells hold one count a bucket, not cumulative, then the count past the last bound, then the sum. The total
 * count is the sum of the counts, so a reader can never see the two disagree.
 */
export class HistogramSeries extends Series {
  /**
   * Counts one observation in the first bucket whose bound is not below it. The sum stays finite.
   *
   * @throws {InvalidValueError} when the value is infinite or NaN; nothing is then counted.
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
    page[bucketCell]! += 1;
    page[sumCell] = sum;
    page[WRITES_CELL]! += 1;
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
}
