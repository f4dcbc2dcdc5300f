/**
 * A sum of finite numbers without rounding errors. Adding and subtracting in any order returns the same total.
 * Otherwise, a total would depend on this order, and could decrease by a rounding error.
 *
 * Either a number, or several numbers that do not overlap, smallest first. Values are immutable.
 * Source: J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997 (nonoverlapping expansions).
 */
export type ExactNumber = number | readonly number[];

/** Adds a finite number to an exact number. Returns the largest or smallest finite number on overflow. */
export function addExactly(sum: ExactNumber, number: number): ExactNumber {
  const parts: number[] = [];
  let carried = number;
  for (const part of typeof sum === 'number' ? [sum] : sum) {
    const [big, small] = Math.abs(carried) < Math.abs(part) ? [part, carried] : [carried, part];
    const rounded = big + small;
    const lost = small - (rounded - big);
    if (lost !== 0) parts.push(lost);
    carried = rounded;
  }
  if (!Number.isFinite(carried)) return Math.sign(carried) * Number.MAX_VALUE;
  if (parts.length === 0) return carried;
  if (carried !== 0) parts.push(carried);
  return parts.length === 1 ? (parts[0] ?? 0) : parts;
}

/** Rounds an exact number once to the nearest double, ties to even. */
export function exactValue(parts: ExactNumber): number {
  if (typeof parts === 'number') return parts;
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
  // Halfway between two numbers, the remaining parts decide the direction.
  const next = parts[index - 1] ?? 0;
  if (lost !== 0 && next !== 0 && lost < 0 === next < 0) {
    const doubled = lost * 2;
    const further = sum + doubled;
    if (further - sum === doubled) sum = further;
  }
  return sum;
}
