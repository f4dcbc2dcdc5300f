import type { MessageBuffer } from './message-buffer.js';
import { MAX_TIMESTAMP_BYTES, writeTimestamp } from './timestamp.js';
import type { ValuesMessage } from './values-message.js';

/** Field numbers and wire types in `Metric`, `Summary` and `Quantile`. */
const TAGS = {
  summary: 0x22,
  count: 0x08,
  sum: 0x11,
  point: 0x1a,
  quantile: 0x09,
  value: 0x11,
  created: 0x22,
} as const;
/** Two doubles with their tags. */
const POINT_BYTES = 18;
const POINT_FRAME_BYTES = 2;
const FIXED_BYTES = 24 + MAX_TIMESTAMP_BYTES;

/** A `Summary` message. */
export class SummaryMessage implements ValuesMessage {
  readonly tag = TAGS.summary;
  quantiles: readonly number[] = [];
  /** The values of the quantiles. */
  values: number[] = [];
  /** An integer from 0 to 2^64 - 1: the field has no other type. */
  count = 0;
  sum = 0;
  /** Unix seconds; NaN if unknown. */
  createdSeconds = Number.NaN;

  get maxBytes(): number {
    return FIXED_BYTES + this.quantiles.length * (POINT_BYTES + POINT_FRAME_BYTES);
  }

  write(buffer: MessageBuffer): void {
    buffer.unsigned(TAGS.count, this.count);
    buffer.double(TAGS.sum, this.sum);
    for (let index = 0; index < this.quantiles.length; index++) {
      buffer.unsigned(TAGS.point, POINT_BYTES);
      buffer.double(TAGS.quantile, this.quantiles[index]!);
      buffer.double(TAGS.value, this.values[index]!);
    }
    buffer.position = writeTimestamp(buffer.bytes, buffer.position, TAGS.created, this.createdSeconds);
  }
}
