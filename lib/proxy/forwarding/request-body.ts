import type { ClientRequest, IncomingMessage } from 'node:http';
import type { ExchangeObserver } from './exchange-observer.js';
import { trailerPairs } from './passed-headers.js';

/** How many bytes of requests a proxy keeps to send them again, all exchanges together. */
export class KeptBytes {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  take(bytes: number): void {
    this.#left -= bytes;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }
}

/** The most that is kept of one request, in bytes. */
const mostKept = 1024 * 1024;

/** What a body on its way works with. */
export interface RequestBodyOptions {
  readonly keptBytes: KeptBytes;
  readonly observer: ExchangeObserver | undefined;
  /** Without a byte of it, its client is cut off after so many: it holds a place that others wait for. */
  readonly silentBodySeconds: number;
}

/**
 * The body of a request on its way: read as fast as the upstream takes it, and kept for another one while it is small.
 *
 * It is read before there is an upstream as well, as far as it is kept: only so is it seen that the client has left.
 */
export class RequestBody {
  readonly #request: IncomingMessage;
  readonly #observer: ExchangeObserver | undefined;
  readonly #budget: KeptBytes;
  readonly #silentMilliseconds: number;
  /** Undefined when it is not kept, or no longer. */
  #kept: Buffer[] | undefined = [];
  #keptBytes = 0;
  #isComplete = false;
  #upstream: ClientRequest | undefined;
  /** How many of the pieces that are kept the observer was told of. */
  #told = 0;
  #toldEnd = false;
  #hasBegun = false;

  constructor(request: IncomingMessage, { keptBytes, observer, silentBodySeconds }: RequestBodyOptions) {
    this.#request = request;
    this.#budget = keptBytes;
    this.#observer = observer;
    this.#silentMilliseconds = silentBodySeconds * 1_000;
    request.on('data', this.#onData);
    request.on('end', this.#onEnd);
  }

  /** Whether it can be sent from its beginning. */
  get isWhole(): boolean {
    return this.#kept !== undefined;
  }

  /** Whether the upstream has been sent any of it. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Sends it from its beginning, and what comes of it from now on. */
  sendTo(upstream: ClientRequest): void {
    this.#upstream = upstream;
    if (!this.#isComplete) this.#request.setTimeout(this.#silentMilliseconds, () => this.#request.destroy());
    this.#hasBegun = this.#isComplete || (this.#kept?.length ?? 0) > 0;
    upstream.on('drain', this.#onDrain);
    const kept = this.#kept ?? [];
    for (const [place, chunk] of kept.entries()) {
      upstream.write(chunk);
      if (place >= this.#told) this.#observer?.requestData(chunk);
    }
    this.#told = Math.max(this.#told, kept.length);
    if (this.#isComplete) this.#end(upstream);
    else if (!upstream.writableNeedDrain) this.#request.resume();
  }

  /** Stops sending; what was kept stays. */
  detach(): void {
    this.#upstream?.off('drain', this.#onDrain);
    this.#upstream = undefined;
    if (this.#hasRoom(0)) this.#request.resume();
  }

  /** Keeps it no longer: it will not be sent again. */
  release(): void {
    if (this.#kept === undefined) return;
    this.#kept = undefined;
    this.#budget.give(this.#keptBytes);
  }

  /** Takes no more of it; whoever answers the client reads what is left. */
  close(): void {
    this.detach();
    this.release();
    this.#request.off('data', this.#onData);
    this.#request.off('end', this.#onEnd);
  }

  readonly #onData = (chunk: Buffer): void => {
    const upstream = this.#upstream;
    if (upstream === undefined) {
      this.#kept?.push(chunk);
      this.#count(chunk.length);
      if (!this.#hasRoom(0)) this.#request.pause();
      return;
    }
    if (this.#hasRoom(chunk.length)) {
      this.#kept?.push(chunk);
      this.#count(chunk.length);
      this.#told++;
    } else this.release();
    this.#hasBegun = true;
    if (!upstream.write(chunk)) this.#request.pause();
    this.#observer?.requestData(chunk);
  };

  readonly #onDrain = (): void => {
    this.#request.resume();
  };

  readonly #onEnd = (): void => {
    this.#isComplete = true;
    this.#request.socket.setTimeout(0);
    if (this.#upstream !== undefined) this.#end(this.#upstream);
  };

  #hasRoom(bytes: number): boolean {
    return this.#kept !== undefined && !this.#budget.isSpent && this.#keptBytes + bytes < mostKept;
  }

  #count(bytes: number): void {
    if (this.#kept === undefined) return;
    this.#keptBytes += bytes;
    this.#budget.take(bytes);
  }

  #end(upstream: ClientRequest): void {
    const { rawTrailers } = this.#request;
    if (rawTrailers.length > 0) upstream.addTrailers(trailerPairs(rawTrailers));
    this.#hasBegun = true;
    upstream.end();
    if (!this.#toldEnd) this.#observer?.requestEnd();
    this.#toldEnd = true;
  }
}
