/** What a figure counts, and so how it is written. */
export type Unit = 'per second' | 'seconds' | 'percent' | 'count' | 'state';

const STATES = ['closed', 'half-open', 'open'];

/** A figure for people to read; a dash for none. */
export function readable(value: number | undefined | null, unit: Unit): string {
  if (value === undefined || value === null || Number.isNaN(value)) return '–';
  switch (unit) {
    case 'seconds':
      return value < 1 ? `${digits(value * 1_000)} ms` : `${digits(value)} s`;
    case 'per second':
      return `${digits(value)}/s`;
    case 'percent':
      return `${digits(value)} %`;
    case 'state':
      return STATES[value] ?? String(value);
    case 'count':
      return value.toLocaleString('en');
  }
}

/** A time of the day, for a reading in Unix seconds. */
export function readableTime(at: number): string {
  return new Date(at * 1_000).toLocaleTimeString('en-GB');
}

/** Three digits where there is something behind the point. */
function digits(value: number): string {
  const magnitude = Math.abs(value);
  const places = magnitude >= 100 || magnitude === 0 ? 0 : magnitude >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: places });
}
