import type { EncodedExemplar } from './exemplars.js';
import type { MessageBuffer } from './message-buffer.js';
import { MAX_TIMESTAMP_BYTES, writeTimestamp } from './timestamp.js';
import type { ValuesMessage } from './values-message.js';

/** Field numbers and wire types in `Metric`, and in the messages with one value. */
const TAGS = {
  gauge: 0x12,
  counter: 0x1a,
  untyped: 0x2a,
  value: 0x09,
  exemplar: 0x12,
  created: 0x1a,
} as const;
const DOUBLE_FIELD_BYTES = 9;
/** The tag and the length of an exemplar. */
const FRAME_BYTES = 8;

/** A `Gauge` or `Untyped` message. */
export class ValueMessage implements ValuesMessage {
  readonly tag: number;
  readonly maxBytes = DOUBLE_FIELD_BYTES;
  value = 0;

  constructor(type: 'gauge' | 'untyped') {
    this.tag = TAGS[type];
  }

  write(buffer: MessageBuffer): void {
    buffer.double(TAGS.value, this.value);
  }
}

/** A `Counter` message. */
export class CounterMessage implements ValuesMessage {
  readonly tag = TAGS.counter;
  value = 0;
  exemplar: EncodedExemplar | undefined;
  /** Unix seconds; NaN if unknown. */
  createdSeconds = Number.NaN;

  get maxBytes(): number {
    return DOUBLE_FIELD_BYTES + MAX_TIMESTAMP_BYTES + FRAME_BYTES + (this.exemplar?.bytes.length ?? 0);
  }

  write(buffer: MessageBuffer): void {
    buffer.double(TAGS.value, this.value);
    if (this.exemplar !== undefined) buffer.block(TAGS.exemplar, this.exemplar.bytes);
    buffer.position = writeTimestamp(buffer.bytes, buffer.position, TAGS.created, this.createdSeconds);
  }
}
