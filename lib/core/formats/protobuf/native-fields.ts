import type { NativeBuckets, NativeHistogram } from '../../metrics/native/native-histogram.js';
import type { MessageBuffer } from './message-buffer.js';
import { MAX_VARINT_BYTES, writeSigned } from './varint.js';

/** Field numbers and wire types in `Histogram` and `BucketSpan`. */
const TAGS = {
  schema: 0x28,
  zeroThreshold: 0x31,
  zeroCount: 0x38,
  negative: { spans: 0x4a, deltas: 0x52 },
  positive: { spans: 0x62, deltas: 0x6a },
  offset: 0x08,
  length: 0x10,
} as const;
/** A new span takes at least 6 bytes. Empty buckets in a gap take 1 or 2 bytes each. */
const MAX_FILLED_GAP = 2;
/** Schema, zero threshold, zero count, tags and lengths of packed deltas, and an empty span. */
const FIXED_BYTES = 64;
/** A delta for each of the bucket and the gap before it, and a span. */
const BYTES_PER_BUCKET = (1 + MAX_FILLED_GAP) * MAX_VARINT_BYTES + 16;

/** The maximum size of the fields of a native histogram, in bytes. */
export function maxNativeBytes({ positive, negative }: NativeHistogram): number {
  return FIXED_BYTES + (positive.indexes.length + negative.indexes.length) * BYTES_PER_BUCKET;
}

/** The number of observations in a native histogram. */
export function nativeCount({ zeroCount, positive, negative }: NativeHistogram): number {
  return zeroCount + sumOf(positive) + sumOf(negative);
}

function sumOf({ counts }: NativeBuckets): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

/**
 * Writes the fields of a native histogram, except its count and its sum. Reserve {@link maxNativeBytes} first.
 *
 * A histogram without positive and negative buckets gets an empty span, because Prometheus would otherwise read it as a
 * classic histogram.
 */
export function writeNative(buffer: MessageBuffer, histogram: NativeHistogram): void {
  const { schema, zeroThreshold, zeroCount, positive, negative } = histogram;
  buffer.bytes[buffer.position] = TAGS.schema;
  buffer.position = writeSigned(buffer.bytes, buffer.position + 1, schema);
  buffer.double(TAGS.zeroThreshold, zeroThreshold);
  buffer.unsigned(TAGS.zeroCount, zeroCount);
  writeBuckets(buffer, negative, TAGS.negative);
  writeBuckets(buffer, positive, TAGS.positive);
  const isEmpty = positive.indexes.length === 0 && negative.indexes.length === 0;
  if (isEmpty) writeSpan(buffer, TAGS.positive.spans, 0, 0);
}

function writeBuckets(
  buffer: MessageBuffer,
  { indexes, counts }: NativeBuckets,
  tags: { readonly spans: number; readonly deltas: number },
): void {
  if (indexes.length === 0) return;
  let spanStart = indexes[0]!;
  let previousEnd = 0;
  for (let index = 0; index < indexes.length; index++) {
    const next = indexes[index + 1];
    const end = indexes[index]! + 1;
    if (next !== undefined && next - end <= MAX_FILLED_GAP) continue;
    writeSpan(buffer, tags.spans, spanStart - previousEnd, end - spanStart);
    previousEnd = end;
    spanStart = next ?? 0;
  }
  // Most packed deltas take 64 to 16,383 bytes, which have a length of two bytes.
  buffer.bytes[buffer.position++] = tags.deltas;
  const start = buffer.open(2);
  const { bytes } = buffer;
  let { position } = buffer;
  let previousCount = 0;
  for (let index = 0; index < indexes.length; index++) {
    const gap = index === 0 ? 0 : indexes[index]! - indexes[index - 1]! - 1;
    if (gap > 0 && gap <= MAX_FILLED_GAP) {
      position = writeSigned(bytes, position, -previousCount);
      if (gap === 2) bytes[position++] = 0;
      previousCount = 0;
    }
    const count = counts[index]!;
    position = writeSigned(bytes, position, count - previousCount);
    previousCount = count;
  }
  buffer.position = position;
  buffer.close(start, 2);
}

function writeSpan(buffer: MessageBuffer, tag: number, offset: number, length: number): void {
  buffer.bytes[buffer.position] = tag;
  const start = buffer.position + 2;
  buffer.bytes[start] = TAGS.offset;
  buffer.position = writeSigned(buffer.bytes, start + 1, offset);
  buffer.unsigned(TAGS.length, length);
  buffer.bytes[start - 1] = buffer.position - start;
}
