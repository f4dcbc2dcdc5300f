import { isUtf8 } from 'node:buffer';
import { PushRefused } from './push-refused.js';

/** How protobuf encodes a value. Groups, 3 and 4, are obsolete and refused. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const LONGEST_VARINT = 10;

/**
 * Reads one protobuf message field by field, and never beyond its end.
 *
 * Read each field with `next` and then with the method of its type, or skip it.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */
export class WireReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #position: number;
  #wire = -1;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#position = start;
    this.#end = end;
  }

  /** The bytes that are not read yet. */
  get size(): number {
    return this.#end - this.#position;
  }

  /** A message after its length, as in a stream of messages. */
  delimited(): WireReader {
    return this.#part();
  }

  /** Goes to the next field and returns its number; 0 at the end of the message. */
  next(): number {
    if (this.size === 0) return 0;
    const tag = this.#varint();
    const number = Math.floor(tag / 8);
    this.#wire = tag % 8;
    return number === 0 ? this.#refuse('a field with the number 0') : number;
  }

  /** An unsigned integer of 64 bits as a double. */
  unsigned(): number {
    this.#expect(WIRE.varint);
    return this.#varint();
  }

  /** A signed integer of 64 bits as a double. */
  signed(): number {
    const start = this.#position;
    const unsigned = this.unsigned();
    if (unsigned < 2 ** 63) return unsigned;
    // Two's complement: the lower digits of a negative number are lost in a double.
    let value = 0n;
    for (let index = this.#position - 1; index >= start; index -= 1) {
      value = (value << 7n) | BigInt(this.#bytes[index]! & 0x7f);
    }
    return Number(BigInt.asIntN(64, value));
  }

  double(): number {
    this.#expect(WIRE.fixed64);
    return this.#bytes.readDoubleLE(this.#advance(8));
  }

  text(): string {
    this.#expect(WIRE.bytes);
    const start = this.#advance(this.#varint());
    const bytes = this.#bytes.subarray(start, this.#position);
    return isUtf8(bytes) ? bytes.toString() : this.#refuse('a text that is not UTF-8');
  }

  message(): WireReader {
    this.#expect(WIRE.bytes);
    return this.#part();
  }

  skip(): void {
    if (this.#wire === WIRE.varint) this.#varint();
    else if (this.#wire === WIRE.fixed64) this.#advance(8);
    else if (this.#wire === WIRE.bytes) this.#advance(this.#varint());
    else if (this.#wire === WIRE.fixed32) this.#advance(4);
    else this.#refuse(`the wire type ${this.#wire}`);
  }

  #part(): WireReader {
    const start = this.#advance(this.#varint());
    return new WireReader(this.#bytes, start, this.#position);
  }

  /** Goes over some bytes, and returns where they start. */
  #advance(length: number): number {
    const start = this.#position;
    if (length > this.size) this.#refuse(`a length of ${length}, but only ${this.size} bytes follow`);
    this.#position += length;
    return start;
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let length = 0; length < LONGEST_VARINT; length += 1) {
      const byte = this.#bytes[this.#advance(1)]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    return this.#refuse(`an integer of more than ${LONGEST_VARINT} bytes`);
  }

  #expect(wire: number): void {
    if (this.#wire !== wire) this.#refuse(`the wire type ${this.#wire}; expected ${wire}`);
  }

  #refuse(problem: string): never {
    throw new PushRefused(400, `malformed protobuf at byte ${this.#position}: ${problem}.`);
  }
}
