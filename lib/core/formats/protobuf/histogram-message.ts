import type { NativeHistogram } from '../../metrics/native/native-histogram.js';
import { writeCount } from './counts.js';
import type { EncodedExemplar } from './exemplars.js';
import type { MessageBuffer } from './message-buffer.js';
import { maxNativeBytes, writeNative } from './native-fields.js';
import { MAX_TIMESTAMP_BYTES, writeTimestamp } from './timestamp.js';
import type { ValuesMessage } from './values-message.js';

/** Field numbers and wire types in `Metric`, `Histogram` and `Bucket`. */
const TAGS = {
  histogram: 0x3a,
  count: { integer: 0x08, double: 0x21 },
  sum: 0x11,
  bucket: 0x1a,
  bound: 0x11,
  exemplar: 0x1a,
  created: 0x7a,
  nativeExemplar: [0x82, 0x01],
} as const;
/** The maximum count that takes one byte. */
const MAX_SMALL_COUNT = 0x7f;
/** The first three bytes of a bucket with such a count: its tag, its length and the tag of the count. */
const SMALL_BUCKET = TAGS.bucket | (11 << 8) | (TAGS.count.integer << 16);
/** The maximum size of a bucket without its exemplar. */
const MAX_BUCKET_BYTES = 24;
/** The maximum size of the tags and lengths of an exemplar in both of its fields. */
const MAX_EXEMPLAR_FRAME_BYTES = 32;
/** Count, sum and start time. */
const FIXED_BYTES = 24 + MAX_TIMESTAMP_BYTES;

/** A `Histogram` message, with classic buckets and, if the series has them, native buckets. */
export class HistogramMessage implements ValuesMessage {
  readonly tag = TAGS.histogram;
  /** The upper bounds of the classic buckets. The last one is +Inf. */
  bounds: Float64Array;
  /** The cumulative counts of the classic buckets. */
  counts: Float64Array;
  /** The exemplars of the classic buckets; empty if there are none. */
  exemplars: (EncodedExemplar | undefined)[] = [];
  count = 0;
  sum = 0;
  /** Unix seconds; NaN if unknown. */
  createdSeconds = Number.NaN;
  native: NativeHistogram | undefined;

  constructor(bounds: readonly number[]) {
    this.bounds = Float64Array.from(bounds);
    this.counts = new Float64Array(bounds.length);
  }

  get maxBytes(): number {
    let bytes = FIXED_BYTES + this.counts.length * MAX_BUCKET_BYTES;
    if (this.native !== undefined) bytes += maxNativeBytes(this.native);
    for (const exemplar of this.exemplars) {
      if (exemplar !== undefined) bytes += 2 * exemplar.bytes.length + MAX_EXEMPLAR_FRAME_BYTES;
    }
    return bytes;
  }

  write(buffer: MessageBuffer): void {
    buffer.position = writeCount(buffer, buffer.position, TAGS.count, this.count);
    buffer.double(TAGS.sum, this.sum);
    this.#writeBuckets(buffer);
    if (this.native !== undefined) writeNative(buffer, this.native);
    buffer.position = writeTimestamp(buffer.bytes, buffer.position, TAGS.created, this.createdSeconds);
    if (this.native !== undefined) this.#writeNativeExemplars(buffer);
  }

  /**
   * Writes the buckets. The bucket `+Inf` is only written with an exemplar, because its count is `sample_count`, or if
   * it is the only classic bucket of a native histogram: without buckets, Prometheus has no classic samples of it.
   */
  #writeBuckets(buffer: MessageBuffer): void {
    const { bytes, view } = buffer;
    const { bounds, counts, exemplars } = this;
    const hasExemplars = exemplars.length > 0;
    const last = counts.length - 1;
    let { position } = buffer;
    for (let index = 0; index <= last; index++) {
      const exemplar = hasExemplars ? exemplars[index] : undefined;
      if (index === last && exemplar === undefined && !(last === 0 && this.native !== undefined)) break;
      const count = counts[index]!;
      const start = position;
      const small = count & MAX_SMALL_COUNT;
      if (small === count) {
        view.setUint32(start, SMALL_BUCKET | (small << 24), true);
        position += 4;
      } else position = writeCount(buffer, position + 2, TAGS.count, count);
      bytes[position] = TAGS.bound;
      view.setFloat64(position + 1, bounds[index]!, true);
      position += 9;
      if (small !== count) {
        bytes[start] = TAGS.bucket;
        bytes[start + 1] = position - start - 2;
      }
      if (exemplar === undefined) continue;
      buffer.position = position;
      buffer.block(TAGS.exemplar, exemplar.bytes);
      buffer.close(start + 1, 1);
      position = buffer.position;
    }
    buffer.position = position;
  }

  /** Writes the exemplars that have a timestamp. */
  #writeNativeExemplars(buffer: MessageBuffer): void {
    for (const exemplar of this.exemplars) {
      if (exemplar?.hasTimestamp !== true) continue;
      buffer.bytes[buffer.position++] = TAGS.nativeExemplar[0];
      buffer.block(TAGS.nativeExemplar[1], exemplar.bytes);
    }
  }
}
