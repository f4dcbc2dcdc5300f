/**
 * A sum of finite numbers without rounding: adding and taking away in any order gives the same total.
 *
 * That is what keeps a total from going down by a rounding when what was pushed is regrouped.
 * Source: J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997 (expansions that do not overlap).
 */
export class ExactSum {
  /** Parts that do not overlap, the smallest first. */
  #parts: number[];

  constructor(parts: readonly number[] = []) {
    this.#parts = [...parts];
  }

  /** What the sum is made of, to keep it somewhere. */
  get parts(): readonly number[] {
    return this.#parts;
  }

  /** Adds a finite number. */
  add(number: number): void {
    const parts: number[] = [];
    let carried = number;
    for (const part of this.#parts) {
      const [big, small] = Math.abs(carried) < Math.abs(part) ? [part, carried] : [carried, part];
      const sum = big + small;
      const lost = small - (sum - big);
      if (lost !== 0) parts.push(lost);
      carried = sum;
    }
    if (carried !== 0) parts.push(carried);
    this.#parts = parts;
  }

  /** The sum, rounded once to the nearest number, ties to even. */
  get value(): number {
    const parts = this.#parts;
    let index = parts.length - 1;
    let sum = parts[index] ?? 0;
    let lost = 0;
    while (index > 0 && lost === 0) {
      index -= 1;
      const big = sum;
      const small = parts[index] ?? 0;
      sum = big + small;
      lost = small - (sum - big);
    }
    // Half way between two numbers the parts still left decide which way to go.
    const next = parts[index - 1] ?? 0;
    if (lost !== 0 && next !== 0 && lost < 0 === next < 0) {
      const twice = lost * 2;
      const further = sum + twice;
      if (further - sum === twice) sum = further;
    }
    return sum;
  }
}
