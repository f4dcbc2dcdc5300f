import type { NativeBuckets, NativeHistogram } from '../metrics/native/native-histogram.js';

/** The numbers of a composite value of OpenMetrics 2.0. Missing ones are undefined or empty. */
export interface CompositeValue {
  readonly count: number | undefined;
  readonly sum: number | undefined;
  /** The cumulative counts of a histogram with their upper bounds. */
  readonly buckets: readonly NumberPair[];
  /** The quantiles of a summary with their values. */
  readonly quantiles: readonly NumberPair[];
  readonly native: NativeHistogram | undefined;
}

/** A bound or a quantile, as it is written, and the number that belongs to it. */
export type NumberPair = readonly [key: string, value: number];

const FIELD = /([a-z_]+):(?:\[([^\]]*)\]|([-+.\w]*))(?:,|$)/y;
/** The highest absolute index that a number can have, at the highest resolution. */
const MAX_INDEX = 1_100 * 2 ** 8;

/**
 * Reads a composite value: `{count:1,sum:2,schema:3,…}`, without the braces. `undefined` if the text is not one.
 *
 * Native buckets are omitted if they contradict each other, or if their resolution is unknown.
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec_2_0/
 */
export function readCompositeValue(text: string): CompositeValue | undefined {
  const fields = new Map<string, string>();
  FIELD.lastIndex = 0;
  for (let end = 0; end < text.length; end = FIELD.lastIndex) {
    const [, name = '', list, value = ''] = FIELD.exec(text) ?? [];
    if (name === '') return undefined;
    fields.set(name, list ?? value);
  }
  const [count, sum] = ['count', 'sum'].map((name) => numberOf(fields.get(name) ?? ''));
  return {
    ...{ count, sum },
    buckets: pairsOf(fields.get('bucket')),
    quantiles: pairsOf(fields.get('quantile')),
    native: nativeOf(fields),
  };
}

/** Reads a number of an exposition format, including `+Inf` and `NaN`; `undefined` if the text is not a number. */
export function numberOf(text: string): number | undefined {
  if (/^[+-]?inf$/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) && text.toLowerCase() !== 'nan' ? undefined : value;
}

function pairsOf(list = ''): NumberPair[] {
  return itemsOf(list).flatMap((item) => {
    const [key = '', text = ''] = item.split(':');
    const value = numberOf(text);
    return value === undefined ? [] : [[key, value] as const];
  });
}

function itemsOf(list: string): string[] {
  return list === '' ? [] : list.split(',');
}

function nativeOf(fields: ReadonlyMap<string, string>): NativeHistogram | undefined {
  const numberIn = (name: string): number => numberOf(fields.get(name) ?? '') ?? Number.NaN;
  const schema = numberIn('schema');
  const [zeroThreshold, zeroCount] = [numberIn('zero_threshold'), numberIn('zero_count')];
  const [positive, negative] = ['positive', 'negative'].map((sign) =>
    bucketsOf(fields.get(`${sign}_spans`), fields.get(`${sign}_buckets`)),
  );
  if (!Number.isInteger(schema) || schema < -4 || schema > 8 || positive === undefined || negative === undefined) {
    return undefined;
  }
  if (!isAmount(zeroThreshold) || !isAmount(zeroCount)) return undefined;
  return { schema, zeroThreshold, zeroCount, positive, negative };
}

/** Reads spans and counts. Omits empty buckets. */
function bucketsOf(spans = '', list = ''): NativeBuckets | undefined {
  const counts = itemsOf(list).map(Number);
  const indexes: number[] = [];
  let next = 0;
  for (const [offset, length] of itemsOf(spans).map((span) => span.split(':').map(Number))) {
    const isValid = Number.isInteger(offset) && Number.isInteger(length) && length! >= 0;
    if (!isValid || indexes.length + length! > counts.length || (indexes.length > 0 && offset! < 0)) return undefined;
    next += offset!;
    for (let place = 0; place < length!; place++) indexes.push(next++);
  }
  if (indexes.length !== counts.length || !counts.every(isAmount)) return undefined;
  if (indexes.some((index) => Math.abs(index) > MAX_INDEX)) return undefined;
  const hasObservations = (_: number, position: number): boolean => counts[position] !== 0;
  return { indexes: indexes.filter(hasObservations), counts: counts.filter(hasObservations) };
}

function isAmount(value: number): boolean {
  return value >= 0 && value < Number.POSITIVE_INFINITY;
}
