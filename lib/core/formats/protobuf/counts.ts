import type { MessageBuffer } from './message-buffer.js';
import { writeVarint } from './varint.js';

/** The tags of a count: the field with an integer, and the field with a double that has priority if it is above 0. */
interface CountTags {
  readonly integer: number;
  readonly double: number;
}

/** Whether a number can be written as an unsigned 64-bit integer. */
export function isUnsigned(value: number): boolean {
  return value >= 0 && value < 2 ** 64 && Math.floor(value) === value;
}

/** Writes a count as an integer if possible, and otherwise as a double. Returns the index after it. */
export function writeCount({ bytes, view }: MessageBuffer, start: number, tags: CountTags, count: number): number {
  if (isUnsigned(count)) {
    bytes[start] = tags.integer;
    return writeVarint(bytes, start + 1, count);
  }
  bytes[start] = tags.double;
  view.setFloat64(start + 1, count, true);
  return start + 9;
}
