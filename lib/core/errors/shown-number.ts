/**
 * Describes a value that was received where a valid number was expected.
 *
 * Text is quoted and a bigint ends with `n`, so that neither looks valid.
 */
export function shownNumber(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'bigint' ? `${value}n` : String(value);
}
