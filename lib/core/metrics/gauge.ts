import { InvalidValueError } from '../errors/errors.js';
import { saturated, WRITES_CELL } from './cells.js';
import { Instrument } from './instrument.js';
import { Series } from './series.js';

/** A value that goes up and down. */
export class GaugeSeries extends Series {
  /** Adds to the value. Default: 1. @throws {InvalidValueError} if the amount is infinite or NaN. */
  inc(amount = 1): void {
    if (!Number.isFinite(amount)) this.#reject(amount);
    this.#add(amount);
  }

  /** Subtracts from the value. Default: 1. @throws {InvalidValueError} if the amount is infinite or NaN. */
  dec(amount = 1): void {
    if (!Number.isFinite(amount)) this.#reject(amount);
    this.#add(-amount);
  }

  /** Adds 1. */
  increment(): void {
    this.page[this.offset]! += 1;
    this.page[WRITES_CELL]! += 1;
  }

  /** Subtracts 1. */
  decrement(): void {
    this.page[this.offset]! -= 1;
    this.page[WRITES_CELL]! += 1;
  }

  /** Sets the value. Infinities are allowed. @throws {InvalidValueError} if it is NaN or not a number. */
  set(value: number): void {
    if (typeof value !== 'number' || Number.isNaN(value)) {
      throw new InvalidValueError(this.descriptor.name, value, 'a number');
    }
    this.page[this.offset] = value;
    this.page[WRITES_CELL]! += 1;
  }

  #add(amount: number): void {
    const before = this.page[this.offset]!;
    // A gauge that was set to an infinity stays infinite.
    this.page[this.offset] = Number.isFinite(before) ? saturated(before + amount) : before;
    this.page[WRITES_CELL]! += 1;
  }

  #reject(amount: number): never {
    throw new InvalidValueError(this.descriptor.name, amount, 'a finite number');
  }
}

class NoGaugeSeries extends GaugeSeries {
  override inc(): void {}
  override dec(): void {}
  override increment(): void {}
  override decrement(): void {}
  override set(): void {}
}

/** A metric whose series are current values. */
export class Gauge<Labels extends readonly string[] = readonly string[]> extends Instrument<GaugeSeries, Labels> {
  protected readonly seriesClass = GaugeSeries;
  protected readonly noopClass = NoGaugeSeries;
}
