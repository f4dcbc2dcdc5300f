/** Formats a number with Go's names for values that are not finite. Other numbers are exact decimals. -0 is 0. */
export function goNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
