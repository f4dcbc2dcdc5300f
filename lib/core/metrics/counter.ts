import { InvalidValueError } from '../errors/errors.js';
import { saturated, WRITES_CELL } from './cells.js';
import { Instrument } from './instrument.js';
import { Series } from './series.js';

/** A total that only grows, up to the largest finite number. */
export class CounterSeries extends Series {
  /**
   * Adds to the total. Default: 1. The total is at most `Number.MAX_VALUE`.
   *
   * @throws {InvalidValueError} if the amount is negative, infinite or NaN. The total is then unchanged.
   */
  inc(amount = 1): void {
    if (!Number.isFinite(amount) || amount < 0) {
      throw new InvalidValueError(this.descriptor.name, amount, 'a finite increment of 0 or more');
    }
    this.page[this.offset] = saturated(this.page[this.offset]! + amount);
    this.page[WRITES_CELL]! += 1;
  }

  /** Adds an amount that must be finite and not negative. */
  add(amount: number): void {
    this.page[this.offset] = saturated(this.page[this.offset]! + amount);
    this.page[WRITES_CELL]! += 1;
  }

  /** Adds 1. */
  increment(): void {
    this.page[this.offset]! += 1;
    this.page[WRITES_CELL]! += 1;
  }
}

class NoCounterSeries extends CounterSeries {
  override inc(): void {}
  override add(): void {}
  override increment(): void {}
}

/** A metric whose series are running totals. */
export class Counter<Labels extends readonly string[] = readonly string[]> extends Instrument<CounterSeries, Labels> {
  protected readonly seriesClass = CounterSeries;
  protected readonly noopClass = NoCounterSeries;
}
