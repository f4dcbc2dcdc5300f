import type { NativeHistogram } from 'tinyllm/server';
import type { FamilyShape, PushedSeries } from '../pushes/pushed-family.js';
import { accumulates } from '../pushes/pushed-family.js';
import { bucketsOf } from '../pushes/read-native.js';
import type { Total } from './stored-family.js';

/** Approximate memory of an entry, without texts and numbers. */
const ENTRY_BYTES = 128;
/** Approximate bytes of the value, blanks and braces in a line of a scrape. */
const LINE_BYTES = 24;
const NUMBER_BYTES = 8;

/** Bytes of a metric without its series. */
export function familyBytes({ name, help, bounds }: FamilyShape & { readonly help: string }): number {
  return ENTRY_BYTES + Buffer.byteLength(name) + Buffer.byteLength(help) + bounds.length * NUMBER_BYTES;
}

/** Bytes of native buckets: an index and a count for each bucket with observations. */
export function nativeBytes(native: NativeHistogram | undefined): number {
  return native === undefined ? 0 : ENTRY_BYTES + bucketsOf(native) * 2 * NUMBER_BYTES;
}

/** Bytes of a total: its numbers and its lines in a scrape. Each line repeats the name and the labels. */
export function totalBytes({ name, type, bounds }: FamilyShape, { labelText, sums, native }: Total): number {
  const lines = type === 'histogram' ? bounds.length + 3 : type === 'summary' ? 2 : 1;
  return ENTRY_BYTES + sums.length * NUMBER_BYTES + lines * lineBytes(name, labelText) + nativeBytes(native);
}

/** Bytes of a series of a pusher: labels, numbers and its own lines in a scrape. */
export function seriesBytes({ name, type }: Omit<FamilyShape, 'bounds'>, series: PushedSeries): number {
  const { key, labelText, numbers, quantiles, native } = series;
  const lines = quantiles.size + (accumulates(type) ? 0 : 1);
  const labels = Buffer.byteLength(labelText) * (key === labelText ? 1 : 2);
  return (
    ENTRY_BYTES + labels + numbers.length * NUMBER_BYTES + lines * lineBytes(name, labelText) + nativeBytes(native)
  );
}

/** Bytes of a pusher without its series. */
export function groupBytes(key: string): number {
  return ENTRY_BYTES + Buffer.byteLength(key);
}

function lineBytes(name: string, labelText: string): number {
  return LINE_BYTES + Buffer.byteLength(name) + Buffer.byteLength(labelText);
}
