import type { ServerResponse } from 'node:http';
import { type ByteBudget, memoryOf } from './byte-budget.js';

/** Maximum number of buffered bytes for one client. */
const maxWaitingBytes = 1024 * 1024;

/** Options of {@link ResponseWriter}. */
export interface ResponseWriterOptions {
  /** The budget for buffered bytes of all clients. */
  readonly waitingBudget: ByteBudget;
  /** Maximum time in milliseconds for a client to read the bytes that wait in its connection. */
  readonly stallMilliseconds: number;
  /** Called if the client has not read the bytes that wait in its connection within `stallMilliseconds`. */
  readonly onStalled: () => void;
}

/**
 * Writes the body of a response as fast as its client reads. Buffers up to 1 MiB for a slow client, so that the
 * upstream can finish earlier.
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

  /** Returns whether the buffer has room. If not, `onRoom` is called once when it has room again. */
  hasRoom(onRoom: () => void): boolean {
    const hasRoom = this.#hasRoom;
    this.#onRoom = hasRoom ? undefined : onRoom;
    return hasRoom;
  }

  write(chunk: Buffer): void {
    if (!this.#isBlocked) {
      this.#pass(chunk);
      return;
    }
    this.#waiting.push(chunk);
    this.#count(memoryOf(chunk));
  }

  /** Ends the response after the buffered bytes, with trailers. */
  end(trailers: [string, string][]): void {
    this.#trailers = trailers;
    this.#endIfEmpty();
  }

  /** Stops writing and discards buffered bytes. */
  stop(): void {
    this.#response.off('drain', this.#onDrain);
    clearTimeout(this.#stall);
    this.#count(-this.#waitingBytes);
    this.#waiting.length = 0;
    this.#onRoom = undefined;
    this.#trailers = undefined;
  }

  get #hasRoom(): boolean {
    return !this.#isBlocked || (this.#waitingBytes < maxWaitingBytes && !this.#options.waitingBudget.isSpent);
  }

  #pass(chunk: Buffer): void {
    if (this.#response.write(chunk)) return;
    this.#isBlocked = true;
    this.#watchClient();
  }

  #count(bytes: number): void {
    this.#waitingBytes += bytes;
    this.#options.waitingBudget.reserve(bytes);
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
      const chunk = this.#waiting.shift();
      if (chunk === undefined) break;
      this.#count(-memoryOf(chunk));
      this.#pass(chunk);
    }
    this.#endIfEmpty();
    const onRoom = this.#onRoom;
    if (onRoom === undefined || !this.#hasRoom) return;
    this.#onRoom = undefined;
    onRoom();
  };
}
