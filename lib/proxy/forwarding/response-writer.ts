import type { ServerResponse } from 'node:http';
import { type KeptBytes, memoryOf } from './kept-bytes.js';

/** Bytes that wait for one client at most. */
const mostWaiting = 1024 * 1024;

/** Options of {@link ResponseWriter}. */
export interface ResponseWriterOptions {
  /** Counts the bytes that wait for all clients together. */
  readonly waitingBytes: KeptBytes;
  /** How long a client may read nothing while bytes wait for it, in milliseconds. */
  readonly stallMilliseconds: number;
  /** Called when a client reads nothing for that long. */
  readonly onStalled: () => void;
}

/**
 * Writes the body of a response as fast as its client reads. Up to 1 MiB waits here for a slow client, so that the
 * upstream can finish its work meanwhile.
 */
export class ResponseWriter {
  readonly #response: ServerResponse;
  readonly #options: ResponseWriterOptions;
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isBlocked = false;
  #isEnded = false;
  #trailers: [string, string][] | undefined;
  #stall: NodeJS.Timeout | undefined;
  #onRoom: (() => void) | undefined;

  constructor(response: ServerResponse, options: ResponseWriterOptions) {
    this.#response = response;
    this.#options = options;
    response.on('drain', this.#onDrain);
  }

  /** Returns whether there is room for more. If not, calls `onRoom` once there is. */
  hasRoom(onRoom: () => void): boolean {
    const hasRoom = this.#hasRoom;
    this.#onRoom = hasRoom ? undefined : onRoom;
    return hasRoom;
  }

  write(piece: Buffer): void {
    if (!this.#isBlocked) {
      this.#pass(piece);
      return;
    }
    this.#waiting.push(piece);
    this.#count(memoryOf(piece));
  }

  /** Ends the response after the waiting bytes, with trailers in pairs. */
  end(trailers: [string, string][]): void {
    this.#trailers = trailers;
    this.#endIfEmpty();
  }

  /** Writes nothing further. */
  stop(): void {
    this.#response.off('drain', this.#onDrain);
    clearTimeout(this.#stall);
    this.#count(-this.#waitingBytes);
    this.#waiting.length = 0;
    this.#onRoom = undefined;
    this.#trailers = undefined;
  }

  get #hasRoom(): boolean {
    return !this.#isBlocked || (this.#waitingBytes < mostWaiting && !this.#options.waitingBytes.isSpent);
  }

  #pass(piece: Buffer): void {
    if (this.#response.write(piece)) return;
    this.#isBlocked = true;
    this.#watchClient();
  }

  #count(bytes: number): void {
    this.#waitingBytes += bytes;
    this.#options.waitingBytes.take(bytes);
  }

  #endIfEmpty(): void {
    if (this.#trailers === undefined || this.#waiting.length > 0) return;
    if (this.#trailers.length > 0) this.#response.addTrailers(this.#trailers);
    this.#trailers = undefined;
    this.#isEnded = true;
    this.#response.end();
    this.#watchClient();
  }

  #watchClient(): void {
    clearTimeout(this.#stall);
    const { stallMilliseconds, onStalled } = this.#options;
    this.#stall = setTimeout(onStalled, stallMilliseconds).unref();
  }

  readonly #onDrain = (): void => {
    if (this.#isEnded) return;
    clearTimeout(this.#stall);
    this.#isBlocked = false;
    while (!this.#isBlocked) {
      const piece = this.#waiting.shift();
      if (piece === undefined) break;
      this.#count(-memoryOf(piece));
      this.#pass(piece);
    }
    this.#endIfEmpty();
    const onRoom = this.#onRoom;
    if (onRoom === undefined || !this.#hasRoom) return;
    this.#onRoom = undefined;
    onRoom();
  };
}
