import { writeVarint } from './varint.js';

/** Maximum size of a timestamp in bytes, with its tag and length. */
export const MAX_TIMESTAMP_BYTES = 20;

const TAGS = { seconds: 0x08, nanoseconds: 0x10 } as const;
/** The end of the year 9999, in Unix seconds: the maximum of `google.protobuf.Timestamp`. */
const MAX_SECONDS = 253_402_300_799;

/**
 * Writes a field with a `google.protobuf.Timestamp`, rounded to microseconds. Returns the index after it.
 *
 * A Unix time as a double is not more exact than microseconds. Times before 1970, after 9999 and NaN are omitted.
 */
export function writeTimestamp(bytes: Uint8Array, start: number, tag: number, unixSeconds: number): number {
  if (!isWritable(unixSeconds)) return start;
  let seconds = Math.floor(unixSeconds);
  let microseconds = Math.round((unixSeconds - seconds) * 1e6);
  if (microseconds === 1e6) {
    microseconds = 0;
    seconds++;
  }
  bytes[start] = tag;
  bytes[start + 2] = TAGS.seconds;
  let position = writeVarint(bytes, start + 3, seconds);
  if (microseconds > 0) {
    bytes[position] = TAGS.nanoseconds;
    position = writeVarint(bytes, position + 1, microseconds * 1_000);
  }
  bytes[start + 1] = position - start - 2;
  return position;
}

/** Whether a Unix time in seconds can be written. */
export function isWritable(unixSeconds: number): boolean {
  return unixSeconds >= 0 && unixSeconds <= MAX_SECONDS;
}
