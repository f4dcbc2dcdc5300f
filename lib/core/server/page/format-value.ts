/** The unit of a value, which determines its format. */
export type Unit = 'per second' | 'seconds' | 'percent' | 'count' | 'state';

const STATES = ['closed', 'half-open', 'open'];

/** Formats a value for display; a dash if there is no value. */
export function formatValue(value: number | undefined | null, unit: Unit): string {
  if (value === undefined || value === null || Number.isNaN(value)) return '–';
  switch (unit) {
    case 'seconds':
      if (value !== 0 && Math.abs(value) < 0.001) return `${digits(value * 1_000_000)} µs`;
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

/** Formats a time in Unix seconds as a local time of day. */
export function formatTime(at: number): string {
  return new Date(at * 1_000).toLocaleTimeString('en-GB');
}

/** Formats a number with at most two decimals below 10, at most one decimal below 100, and no decimals from 100. */
function digits(value: number): string {
  const magnitude = Math.abs(value);
  const places = magnitude >= 100 || magnitude === 0 ? 0 : magnitude >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: places });
}
