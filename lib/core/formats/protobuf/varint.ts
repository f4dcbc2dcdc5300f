// Source: https://protobuf.dev/programming-guides/encoding/

/** The maximum size of a 64-bit integer, in bytes. */
export const MAX_VARINT_BYTES = 10;

/** The size of an unsigned integer as a varint, in bytes. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

/** Writes an integer from 0 to 2^64 - 1 as a varint. Returns the index after it. The bytes are not checked for room. */
export function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let position = start;
  let rest = value;
  while (rest > 0x7fff_ffff) {
    bytes[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  while (rest > 0x7f) {
    bytes[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[position++] = rest;
  return position;
}

/**
 * Writes a signed integer in the encoding of `sint32` and `sint64` (zigzag). Returns the index after it.
 *
 * Exact for integers of up to 2^53, although the encoded number is twice as large.
 */
export function writeSigned(bytes: Uint8Array, start: number, value: number): number {
  const sign = value < 0 ? 1 : 0;
  const magnitude = sign === 1 ? -value - 1 : value;
  const low = (magnitude % 0x40) * 2 + sign;
  if (magnitude < 0x40) {
    bytes[start] = low;
    return start + 1;
  }
  bytes[start] = low | 0x80;
  return writeVarint(bytes, start + 1, Math.floor(magnitude / 0x40));
}
