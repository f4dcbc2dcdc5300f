const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes as people read them, in powers of a thousand and three digits: `0 B`, `398 MB`, `1.93 GB`. */
export function readableBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // What would be rounded to a thousand belongs to the next unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Number(value.toPrecision(3))} ${units[unit]}`;
}
