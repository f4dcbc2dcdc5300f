/** A decimal number, also with an exponent: `.1`, `120`, `1e-3`. */
const DECIMAL_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Returns the finite number that a text contains, or NaN. Hexadecimal numbers and an empty text are NaN. */
export function decimalNumber(text: string): number {
  const number = DECIMAL_NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : Number.NaN;
}
