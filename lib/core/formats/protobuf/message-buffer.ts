import { varintSize, writeVarint } from './varint.js';

/** Bytes of a chunk. A larger chunk is only created for a message that needs it. */
const CHUNK_BYTES = 256 * 1024;
/** Bytes reserved for the length before a family: enough for 32 GiB. */
const FAMILY_LENGTH_BYTES = 5;

/** A part of the memory of a buffer, and the number of its bytes that are written. */
interface Chunk {
  readonly bytes: Buffer;
  readonly view: DataView<ArrayBufferLike>;
  end: number;
}

/**
 * Writes length-delimited protobuf messages into chunks of memory.
 *
 * The length of a family is known only when all its series are written. So a family is complete before any of it can be
 * sent. Chunks don't move when a family grows. They are reused for the next family.
 *
 * Call {@link reserve} before each write. The other methods and the writes to `bytes` don't check the room.
 */
export class MessageBuffer {
  /** The current chunk. */
  bytes: Buffer;
  /** A view of the same memory as {@link bytes}, for doubles. */
  view: DataView<ArrayBufferLike>;
  /** The index in the current chunk at which the next byte is written. */
  position = 0;
  #chunk: Chunk;
  /** Full chunks, in order. The current chunk follows. */
  readonly #full: Chunk[] = [];
  readonly #free: Chunk[] = [];
  /** The chunk and the index at which the current family begins. */
  #family: { readonly chunk: Chunk; readonly start: number };
  /** Bytes of the current family in full chunks, minus its start in the first one. */
  #familyBytes = 0;

  /** @param onGrow Called before each further chunk with its size. If it throws, the chunk is not created. */
  constructor(private readonly onGrow: (bytes: number) => void = () => {}) {
    this.#chunk = newChunk(CHUNK_BYTES);
    this.bytes = this.#chunk.bytes;
    this.view = this.#chunk.view;
    this.#family = { chunk: this.#chunk, start: 0 };
  }

  /** The number of full chunks. */
  get fullChunks(): number {
    return this.#full.length;
  }

  /** Ensures that the next bytes, up to this number, are adjacent in the current chunk. */
  reserve(bytes: number): void {
    if (this.position + bytes > this.bytes.length) this.#nextChunk(bytes);
  }

  /** Begins a family whose header has at most this number of bytes. The header is written next. */
  beginFamily(headerBytes: number): void {
    this.reserve(FAMILY_LENGTH_BYTES + headerBytes);
    this.#family = { chunk: this.#chunk, start: this.position };
    this.position += FAMILY_LENGTH_BYTES;
    this.#familyBytes = -this.position;
  }

  /** Removes a family that consists of its header only. */
  cancelFamily(): void {
    this.position = this.#family.start;
  }

  /** Completes a family: writes its length before it. */
  endFamily(): void {
    const { chunk, start } = this.#family;
    const length = this.#familyBytes + this.position;
    this.#chunk.end = this.position;
    const unused = FAMILY_LENGTH_BYTES - varintSize(length);
    chunk.bytes.copyWithin(start + varintSize(length), start + FAMILY_LENGTH_BYTES, chunk.end);
    writeVarint(chunk.bytes, start, length);
    chunk.end -= unused;
    this.position = this.#chunk.end;
  }

  /** Reserves room for the length of a nested message, and returns the index of that room. */
  open(lengthBytes: number): number {
    const start = this.position;
    this.position += lengthBytes;
    return start;
  }

  /**
   * Writes the length of a nested message. If the length doesn't fit the room, the message is moved.
   *
   * @returns the size of the length. Use it to open the next similar message.
   */
  close(start: number, lengthBytes: number): number {
    const contentStart = start + lengthBytes;
    const length = this.position - contentStart;
    const size = length < 0x80 ? 1 : varintSize(length);
    if (size !== lengthBytes) {
      this.bytes.copyWithin(start + size, contentStart, this.position);
      this.position += size - lengthBytes;
    }
    writeVarint(this.bytes, start, length);
    return size;
  }

  /** Copies bytes. */
  copy(source: Uint8Array): void {
    this.bytes.set(source, this.position);
    this.position += source.length;
  }

  /** Writes a tag of one byte and a double. */
  double(tag: number, value: number): void {
    this.bytes[this.position] = tag;
    this.view.setFloat64(this.position + 1, value, true);
    this.position += 9;
  }

  /** Writes a tag of one byte and an integer from 0 to 2^64. */
  unsigned(tag: number, value: number): void {
    this.bytes[this.position] = tag;
    this.position = writeVarint(this.bytes, this.position + 1, value);
  }

  /** Writes a tag of one byte, a length and bytes. */
  block(tag: number, content: Uint8Array): void {
    this.unsigned(tag, content.length);
    this.copy(content);
  }

  /** Returns the full chunks. Each is valid until the next one is requested. Call this between two families. */
  *takeFull(): Generator<Buffer, void, undefined> {
    for (let chunk = this.#full.shift(); chunk !== undefined; chunk = this.#full.shift()) {
      yield chunk.bytes.subarray(0, chunk.end);
      if (chunk.bytes.length === CHUNK_BYTES) this.#free.push(chunk);
    }
  }

  /** Returns the content of the current chunk. Call this after the last family. */
  takeCurrent(): Buffer {
    return this.bytes.subarray(0, this.position);
  }

  #nextChunk(bytes: number): void {
    this.#chunk.end = this.position;
    this.#familyBytes += this.position;
    this.#full.push(this.#chunk);
    this.#chunk = (bytes <= CHUNK_BYTES ? this.#free.pop() : undefined) ?? this.#furtherChunk(bytes);
    this.bytes = this.#chunk.bytes;
    this.view = this.#chunk.view;
    this.position = 0;
  }

  #furtherChunk(bytes: number): Chunk {
    const size = Math.max(bytes, CHUNK_BYTES);
    this.onGrow(size);
    return newChunk(size);
  }
}

function newChunk(size: number): Chunk {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, size), end: 0 };
}
