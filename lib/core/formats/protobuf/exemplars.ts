import type { WritableExemplar } from '../format.js';
import { encodeLabels } from './label-pairs.js';
import { MAX_TIMESTAMP_BYTES, writeTimestamp } from './timestamp.js';

/** The maximum number of characters in the names and values of an exemplar's labels, as in OpenMetrics. */
const MAX_CHARACTERS = 128;
const TAGS = { value: 0x11, timestamp: 0x1a } as const;
const DOUBLE_FIELD_BYTES = 9;

/** An exemplar as the content of an `Exemplar` message. */
export interface EncodedExemplar {
  readonly bytes: Uint8Array;
  readonly hasTimestamp: boolean;
}

/** Encodes an exemplar. Returns undefined if its labels have more than 128 characters. */
export function encodeExemplar({ labels, value, timestampSeconds }: WritableExemplar): EncodedExemplar | undefined {
  const pairs = Object.entries(labels);
  if (pairs.reduce((total, pair) => total + [...pair.join('')].length, 0) > MAX_CHARACTERS) return undefined;
  const encodedLabels = encodeLabels(pairs);
  const bytes = Buffer.alloc(encodedLabels.length + DOUBLE_FIELD_BYTES + MAX_TIMESTAMP_BYTES);
  encodedLabels.copy(bytes);
  bytes[encodedLabels.length] = TAGS.value;
  const end = bytes.writeDoubleLE(value, encodedLabels.length + 1);
  const length = timestampSeconds === undefined ? end : writeTimestamp(bytes, end, TAGS.timestamp, timestampSeconds);
  return { bytes: bytes.subarray(0, length), hasTimestamp: length > end };
}
