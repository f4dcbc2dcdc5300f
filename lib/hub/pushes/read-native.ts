import { type NativeBuckets, type NativeHistogram, withSchema } from 'tinyllm/server';
import type { WireReader } from './wire-reader.js';

// Field numbers: https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
const FIELD = {
  schema: 5,
  zeroThreshold: 6,
  zeroCount: 7,
  floatZeroCount: 8,
  negativeSpan: 9,
  negativeDelta: 10,
  negativeCount: 11,
  positiveSpan: 12,
  positiveDelta: 13,
  positiveCount: 14,
} as const;
const SPAN = { offset: 1, length: 2 } as const;

const MIN_SCHEMA = -4;
const MAX_SCHEMA = 8;
/** Prometheus reserves the schemas up to this one for exponential buckets of higher resolutions. */
const MAX_RESERVED_SCHEMA = 52;
/** Maximum buckets and spans of one sign in a push, with empty buckets. */
const MAX_WRITTEN = 65_536;
/** Maximum number of buckets with observations that the hub stores. Beyond it, the resolution is halved. */
export const MAX_BUCKETS = 2_048;
/** The exponents of the smallest and the largest double. */
const MIN_EXPONENT = -1_074;
const MAX_EXPONENT = 1_024;

/** The native buckets of a pushed histogram, or why the hub can't add them. */
export type ReadNative = { readonly native: NativeHistogram } | { readonly problem: string };

/** Reads the native buckets of a `Histogram` message. */
export class NativeReader {
  readonly #numbers = { schema: 0, zeroThreshold: 0, zeroCount: 0, floatZeroCount: 0 };
  readonly #positive = new BucketReader();
  readonly #negative = new BucketReader();

  /** Whether a field belongs to the native buckets. */
  static reads(field: number): boolean {
    return field >= FIELD.schema && field <= FIELD.positiveCount;
  }

  read(field: number, reader: WireReader): void {
    if (field === FIELD.schema) this.#numbers.schema = reader.zigZag();
    else if (field === FIELD.zeroThreshold) this.#numbers.zeroThreshold = reader.double();
    else if (field === FIELD.zeroCount) this.#numbers.zeroCount = reader.unsigned();
    else if (field === FIELD.floatZeroCount) this.#numbers.floatZeroCount = reader.double();
    else if (field === FIELD.negativeSpan) this.#negative.readSpan(reader.message());
    else if (field === FIELD.negativeDelta) this.#negative.readDeltas(reader);
    else if (field === FIELD.negativeCount) this.#negative.readCounts(reader);
    else if (field === FIELD.positiveSpan) this.#positive.readSpan(reader.message());
    else if (field === FIELD.positiveDelta) this.#positive.readDeltas(reader);
    else if (field === FIELD.positiveCount) this.#positive.readCounts(reader);
    else reader.skip();
  }

  /**
   * Returns the native buckets. Returns `undefined` for a classic histogram, which Prometheus recognizes in the same
   * way: it has no spans, no zero threshold and no zero count.
   */
  finish(): ReadNative | undefined {
    const { schema, zeroThreshold } = this.#numbers;
    const zeroCount = this.#numbers.floatZeroCount || this.#numbers.zeroCount;
    const hasSpans = this.#positive.hasSpans || this.#negative.hasSpans;
    if (!hasSpans && zeroThreshold === 0 && zeroCount === 0) return undefined;
    if (!(schema >= MIN_SCHEMA && schema <= MAX_RESERVED_SCHEMA)) {
      return { problem: `the schema ${schema}; expected ${MIN_SCHEMA} to ${MAX_SCHEMA}` };
    }
    if (!(zeroThreshold >= 0 && zeroThreshold < Number.POSITIVE_INFINITY)) {
      return { problem: `the zero threshold ${zeroThreshold}; expected a finite number from 0` };
    }
    if (!isCount(zeroCount)) return { problem: countProblem(zeroCount) };
    const positive = this.#positive.finish(schema);
    if (typeof positive === 'string') return { problem: positive };
    const negative = this.#negative.finish(schema);
    if (typeof negative === 'string') return { problem: negative };
    const written = { schema: Math.min(schema, MAX_SCHEMA), zeroThreshold, zeroCount, positive, negative };
    return { native: withFewBuckets(written) };
  }
}

/** Halves the resolution of a native histogram until at most 2,048 of its buckets have observations. */
export function withFewBuckets(native: NativeHistogram): NativeHistogram {
  let result = native;
  while (result.schema > MIN_SCHEMA && bucketsOf(result) > MAX_BUCKETS) result = withSchema(result, result.schema - 1);
  return result;
}

/** The number of buckets with observations. */
export function bucketsOf({ positive, negative }: NativeHistogram): number {
  return positive.indexes.length + negative.indexes.length;
}

/** Reads the buckets of one sign. */
class BucketReader {
  readonly #offsets: number[] = [];
  readonly #lengths: number[] = [];
  /** The counts of integer histograms, relative to the previous bucket. */
  readonly #deltas: number[] = [];
  /** The counts of float histograms. */
  readonly #counts: number[] = [];
  #isTooLong = false;

  get hasSpans(): boolean {
    return this.#offsets.length > 0;
  }

  readSpan(reader: WireReader): void {
    let [offset, length] = [0, 0];
    for (let field = reader.next(); field !== 0; field = reader.next()) {
      if (field === SPAN.offset) offset = reader.zigZag();
      else if (field === SPAN.length) length = reader.unsigned();
      else reader.skip();
    }
    this.#add(this.#offsets, offset);
    this.#add(this.#lengths, length);
  }

  readDeltas(reader: WireReader): void {
    reader.eachZigZag((delta) => this.#add(this.#deltas, delta));
  }

  readCounts(reader: WireReader): void {
    reader.eachDouble((count) => this.#add(this.#counts, count));
  }

  /** Returns the buckets with observations at schema 8 or the given lower schema, or why they are not usable. */
  finish(schema: number): NativeBuckets | string {
    if (this.#isTooLong) return `more than ${MAX_WRITTEN} buckets or spans; expected at most ${MAX_WRITTEN}`;
    const isFloat = this.#counts.length > 0;
    const written = isFloat ? this.#counts : this.#deltas;
    const needed = this.#lengths.reduce((sum, length) => sum + length, 0);
    if (needed !== written.length) return `spans for ${needed} buckets, but ${written.length} counts`;
    const shared = Math.min(schema, MAX_SCHEMA);
    const [scale, least, largest] = [
      2 ** (schema - shared),
      Math.floor(MIN_EXPONENT * 2 ** shared) - 1,
      MAX_EXPONENT * 2 ** shared + 1,
    ];
    const buckets = { indexes: [] as number[], counts: [] as number[] };
    let [position, next, count] = [0, 0, 0];
    for (const [span, offset] of this.#offsets.entries()) {
      if (span > 0 && offset < 0) return `a span with the offset ${offset} after another span; expected at least 0`;
      next += offset;
      for (const end = position + this.#lengths[span]!; position < end; position++, next++) {
        count = isFloat ? written[position]! : count + written[position]!;
        if (!isCount(count)) return countProblem(count);
        if (count === 0) continue;
        // The same bucket with the resolution of schema 8. The bitwise operation converts -0 to 0.
        const index = Math.ceil(next / scale);
        if (index < least || index > largest) return `the bucket ${next}, which contains no 64-bit number`;
        const last = buckets.indexes.length - 1;
        if (last >= 0 && buckets.indexes[last] === index) buckets.counts[last]! += count;
        else {
          buckets.indexes.push(index | 0);
          buckets.counts.push(count);
        }
      }
    }
    return buckets;
  }

  #add(list: number[], number: number): void {
    if (list.length < MAX_WRITTEN) list.push(number);
    else this.#isTooLong = true;
  }
}

/** Whether a number can be the count of a bucket. Fractions can't be added exactly. */
function isCount(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0;
}

function countProblem(count: number): string {
  return `a bucket with ${count} observations; expected a whole number from 0 to 2^53 - 1`;
}
