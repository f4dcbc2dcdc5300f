const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Formats a number of bytes with three digits and decimal units: `0 B`, `398 MB`, `1.93 GB`. */
export function readableBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.5 would be rounded to 1000, so it is written in the next unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Number(value.toPrecision(3))} ${units[unit]}`;
}
