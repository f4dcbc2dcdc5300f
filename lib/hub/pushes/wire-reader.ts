import { isUtf8 } from 'node:buffer';
import { PushRefused } from './push-refused.js';

/** The wire types of protobuf. Groups (3 and 4) are deprecated and rejected. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const MAX_VARINT_BYTES = 10;

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

  /** The number of bytes that are not read yet. */
  get size(): number {
    return this.#end - this.#position;
  }

  /** Reads a length-delimited message from a stream of messages. */
  delimited(): WireReader {
    return this.#part();
  }

  /** Moves to the next field and returns its number. Returns 0 at the end of the message. */
  next(): number {
    if (this.size === 0) return 0;
    const tag = this.#varint();
    const number = Math.floor(tag / 8);
    this.#wire = tag % 8;
    return number === 0 ? this.#reject('a field has the number 0') : number;
  }

  /** Reads an unsigned 64-bit integer as a double. */
  unsigned(): number {
    this.#expect(WIRE.varint);
    return this.#varint();
  }

  /** Reads a signed 64-bit integer as a double. */
  signed(): number {
    const start = this.#position;
    const unsigned = this.unsigned();
    if (unsigned < 2 ** 63) return unsigned;
    // Two's complement: a double would lose the lower bits of a negative number.
    let value = 0n;
    for (let index = this.#position - 1; index >= start; index -= 1) {
      value = (value << 7n) | BigInt(this.#bytes[index]! & 0x7f);
    }
    return Number(BigInt.asIntN(64, value));
  }

  /** Reads a signed integer in the ZigZag encoding (`sint32`, `sint64`) as a double. */
  zigZag(): number {
    this.#expect(WIRE.varint);
    return this.#zigZag();
  }

  /** Reads one number of a repeated `sint64` field, or several numbers if the field is packed. */
  eachZigZag(receive: (number: number) => void): void {
    if (this.#wire === WIRE.bytes) {
      const part = this.#part();
      while (part.size > 0) receive(part.#zigZag());
    } else receive(this.zigZag());
  }

  /** Reads one number of a repeated `double` field, or several numbers if the field is packed. */
  eachDouble(receive: (number: number) => void): void {
    if (this.#wire === WIRE.bytes) {
      const part = this.#part();
      while (part.size > 0) receive(part.#bytes.readDoubleLE(part.#advance(8)));
    } else receive(this.double());
  }

  double(): number {
    this.#expect(WIRE.fixed64);
    return this.#bytes.readDoubleLE(this.#advance(8));
  }

  text(): string {
    this.#expect(WIRE.bytes);
    const start = this.#advance(this.#varint());
    const bytes = this.#bytes.subarray(start, this.#position);
    return isUtf8(bytes) ? bytes.toString() : this.#reject('a text is not UTF-8');
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
    else this.#reject(`the wire type ${this.#wire} is not supported`);
  }

  #part(): WireReader {
    const start = this.#advance(this.#varint());
    return new WireReader(this.#bytes, start, this.#position);
  }

  /** Skips bytes, and returns their start index. */
  #advance(length: number): number {
    const start = this.#position;
    if (length > this.size) this.#reject(`a length of ${length}, but only ${this.size} bytes follow`);
    this.#position += length;
    return start;
  }

  #zigZag(): number {
    const encoded = this.#varint();
    return encoded % 2 === 0 ? encoded / 2 : -(encoded + 1) / 2;
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let length = 0; length < MAX_VARINT_BYTES; length += 1) {
      const byte = this.#bytes[this.#advance(1)]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    return this.#reject(`an integer has more than ${MAX_VARINT_BYTES} bytes`);
  }

  #expect(wire: number): void {
    if (this.#wire !== wire) this.#reject(`the wire type ${this.#wire}; expected ${wire}`);
  }

  #reject(problem: string): never {
    throw new PushRefused(400, `malformed protobuf at byte ${this.#position}: ${problem}.`);
  }
}
