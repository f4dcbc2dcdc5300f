import type { TextType } from '../pushes/parse-text.js';
import type { FamilyShape, PushedFamily, PushedSeries } from '../pushes/pushed-family.js';
import { ExactSum } from './exact-sum.js';

/** The running total of one series over every pusher there ever was. */
export interface Total {
  readonly labelText: string;
  /** Unix seconds. */
  readonly createdSeconds: number;
  /** As a pushed series' numbers. */
  readonly sums: readonly ExactSum[];
}

/** A metric the hub holds: what every push of it must agree with, and its totals if it accumulates. */
export class HeldFamily implements FamilyShape {
  readonly name: string;
  readonly type: TextType;
  readonly help: string;
  readonly bounds: readonly number[];
  /** By key; empty for gauges, which live with their pushers. */
  readonly totals = new Map<string, Total>();
  /** What is written of it to a file, while it is true. */
  written: string | undefined;

  constructor({ name, type, help, bounds }: FamilyShape & Pick<PushedFamily, 'help'>) {
    this.name = name;
    this.type = type;
    this.help = help;
    this.bounds = bounds;
  }

  /**
   * Adds to the totals what a pusher's series has grown by since it was `last` pushed.
   *
   * A series that has gone down, or says it was created later, has begun again: all of it is new.
   */
  advance(series: PushedSeries, last: PushedSeries | undefined, nowSeconds: number): void {
    const total = this.#total(series, nowSeconds);
    const base = last === undefined || hasBegunAgain(this.type, series, last) ? undefined : last;
    series.numbers.forEach((number, index) => {
      const before = base?.numbers[index] ?? 0;
      if (number === before) return;
      total.sums[index]?.add(number);
      if (before !== 0) total.sums[index]?.add(-before);
      this.written = undefined;
    });
  }

  #total(series: PushedSeries, nowSeconds: number): Total {
    const known = this.totals.get(series.key);
    if (known !== undefined) return known;
    const made: Total = {
      labelText: series.labelText,
      createdSeconds: series.created ?? nowSeconds,
      sums: series.numbers.map(() => new ExactSum()),
    };
    this.totals.set(series.key, made);
    this.written = undefined;
    return made;
  }
}

function hasBegunAgain(type: TextType, now: PushedSeries, last: PushedSeries): boolean {
  if (now.created !== undefined && last.created !== undefined && now.created > last.created) return true;
  // A sum may go down when something negative is observed; counts cannot.
  const counts = type === 'summary' ? 1 : type === 'histogram' ? now.numbers.length - 1 : now.numbers.length;
  return last.numbers.some((number, index) => index < counts && (now.numbers[index] ?? 0) < number);
}
