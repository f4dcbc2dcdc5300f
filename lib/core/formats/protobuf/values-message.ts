import type { MessageBuffer } from './message-buffer.js';

/** The values of a series in the message of their type. It is filled again for each series. */
export interface ValuesMessage {
  /** Number and wire type of the field of `Metric` that contains the message. */
  readonly tag: number;
  /** The maximum size of the message with its current values, in bytes. */
  readonly maxBytes: number;
  /** Writes the fields of the message. Room for `maxBytes` is reserved. */
  write(buffer: MessageBuffer): void;
}
