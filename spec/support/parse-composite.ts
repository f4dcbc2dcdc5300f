import type { NativeBuckets, NativeHistogram } from '../../lib/core/metrics/native/native-histogram.js';
import { parseNumber } from './parse-sample.js';

/** A composite value of OpenMetrics 2.0. */
export interface Composite {
  readonly count: number;
  readonly sum: number;
  /** The classic buckets: pairs of an upper bound and a cumulative count. Undefined if there are none. */
  readonly bucket: readonly (readonly [bound: number, count: number])[] | undefined;
  readonly quantile: readonly (readonly [quantile: number, value: number])[] | undefined;
  readonly native: NativeHistogram | undefined;
}

const FIELD = /([a-z_]+):(\[[^\]]*\]|[^,[\]{}]+)(?:,(?=[a-z])|$)/y;

/** Parses a composite value of OpenMetrics 2.0 strictly. */
export function parseComposite(text: string): Composite {
  if (!/^\{.*\}$/.test(text)) throw new Error(`A composite value without braces: ${text}`);
  const fields = readFields(text.slice(1, -1));
  const schema = fields.get('schema');
  const native = schema === undefined ? undefined : readNative(fields);
  const composite = {
    count: numberOf(fields, 'count'),
    sum: numberOf(fields, 'sum'),
    bucket: fields.has('bucket') ? pairsOf(fields, 'bucket') : undefined,
    quantile: fields.has('quantile') ? pairsOf(fields, 'quantile') : undefined,
    native,
  };
  checkBuckets(composite);
  return composite;
}

function readFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  FIELD.lastIndex = 0;
  for (let end = 0; end < text.length; end = FIELD.lastIndex) {
    const [, name, value] = FIELD.exec(text) ?? [];
    if (name === undefined || value === undefined || fields.has(name)) throw new Error(`A malformed value: ${text}`);
    fields.set(name, value);
  }
  return fields;
}

function readNative(fields: ReadonlyMap<string, string>): NativeHistogram {
  const native = {
    schema: numberOf(fields, 'schema'),
    zeroThreshold: numberOf(fields, 'zero_threshold'),
    zeroCount: numberOf(fields, 'zero_count'),
    positive: readBuckets(fields, 'positive'),
    negative: readBuckets(fields, 'negative'),
  };
  const total = [native.zeroCount, ...native.positive.counts, ...native.negative.counts].reduce((a, b) => a + b);
  if (total !== numberOf(fields, 'count')) throw new Error(`The native buckets contain ${total} observations.`);
  return native;
}

function readBuckets(fields: ReadonlyMap<string, string>, sign: string): NativeBuckets {
  const [spans, counts] = [`${sign}_spans`, `${sign}_buckets`];
  if (!fields.has(spans) && !fields.has(counts)) return { indexes: [], counts: [] };
  const indexes: number[] = [];
  let next = 0;
  for (const [offset, length] of pairsOf(fields, spans)) {
    next += offset;
    for (let index = 0; index < length; index++) indexes.push(next++);
  }
  const read = listOf(fields, counts).map(toNumber);
  if (read.length !== indexes.length) throw new Error(`${read.length} counts for ${indexes.length} buckets.`);
  return { indexes, counts: read };
}

function checkBuckets({ bucket, count }: Composite): void {
  if (bucket === undefined) return;
  const last = bucket.at(-1);
  if (last?.[0] !== Number.POSITIVE_INFINITY || last[1] !== count) throw new Error('The last bucket is not the count.');
  const isAscending = bucket.every(([bound, value], index) => {
    const before = bucket[index - 1];
    return before === undefined || (bound > before[0] && value >= before[1]);
  });
  if (!isAscending) throw new Error('Buckets out of order.');
}

function pairsOf(fields: ReadonlyMap<string, string>, name: string): (readonly [number, number])[] {
  return listOf(fields, name).map((pair) => {
    const [one = '', other = '', ...more] = pair.split(':');
    if (more.length > 0) throw new Error(`A malformed pair: ${pair}`);
    return [toNumber(one), toNumber(other)];
  });
}

function listOf(fields: ReadonlyMap<string, string>, name: string): string[] {
  const text = fields.get(name);
  if (text === undefined || !/^\[.*\]$/.test(text)) throw new Error(`${name} is not a list: ${text}`);
  return text === '[]' ? [] : text.slice(1, -1).split(',');
}

function numberOf(fields: ReadonlyMap<string, string>, name: string): number {
  return toNumber(fields.get(name) ?? '');
}

function toNumber(text: string): number {
  const number = parseNumber(text);
  if (number === undefined) throw new Error(`Not a number: ${JSON.stringify(text)}`);
  return number;
}
