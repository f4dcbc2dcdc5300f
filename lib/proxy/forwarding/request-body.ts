import type { ClientRequest, IncomingMessage } from 'node:http';
import { type ByteBudget, memoryOf } from './byte-budget.js';
import type { ExchangeObserver } from './exchange-observer.js';
import { trailerPairs } from './passed-headers.js';

/** Maximum number of buffered bytes of one request. */
const maxBufferedBytes = 1024 * 1024;
/** While the proxy buffers a body, the client must send at least this many bytes per interval (`stallMilliseconds`). */
const minBytesPerInterval = 64 * 1024;

/** Options for forwarding a request body. */
export interface RequestBodyOptions {
  readonly bodyBudget: ByteBudget;
  readonly observer: ExchangeObserver | undefined;
  /** Seconds without a byte of the body after which the connection is closed. */
  readonly silentBodySeconds: number;
  /** While the proxy buffers a body, the client must send at least 64 KiB in this time. */
  readonly stallMilliseconds: number;
}

/**
 * Forwards a request body as fast as the upstream reads it. Buffers a small body, so that it can be sent again.
 *
 * The start of the body is read before an upstream is selected, because Node detects a disconnected client only while
 * reading.
 */
export class RequestBody {
  readonly #request: IncomingMessage;
  readonly #observer: ExchangeObserver | undefined;
  readonly #budget: ByteBudget;
  readonly #silentMilliseconds: number;
  readonly #stallMilliseconds: number;
  /** The buffered chunks; `undefined` if the body can no longer be sent from its start. */
  #kept: Buffer[] | undefined = [];
  #bufferedBytes = 0;
  #isComplete = false;
  #upstream: ClientRequest | undefined;
  /** Number of buffered chunks that the observer has received. */
  #observedPieces = 0;
  #hasObservedEnd = false;
  #hasBegun = false;
  #isClosed = false;
  #received = 0;
  #wasPaused = false;
  #rateTimer: NodeJS.Timeout | undefined;
  #onGathered: (() => void) | undefined;

  constructor(request: IncomingMessage, options: RequestBodyOptions) {
    this.#request = request;
    this.#budget = options.bodyBudget;
    this.#observer = options.observer;
    this.#silentMilliseconds = options.silentBodySeconds * 1_000;
    this.#stallMilliseconds = options.stallMilliseconds;
    request.on('data', this.#onData);
    request.on('end', this.#onEnd);
  }

  /** Whether the body can be sent from its start. */
  get isReplayable(): boolean {
    return this.#kept !== undefined;
  }

  /** Whether any part of the body was sent to an upstream. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /**
   * Resolves when the body is complete, when the buffer is full, or when the body is closed.
   *
   * From this call on, a client that sends less than 64 KiB per `stallMilliseconds` is disconnected, unless the proxy
   * itself has paused reading.
   */
  buffer(): Promise<void> {
    this.#watchSilence();
    this.#watchRate();
    return new Promise((resolve) => {
      this.#onGathered = resolve;
      this.#resolveIfGathered();
    });
  }

  /** Sends the buffered part of the body, and then the rest as it arrives. */
  sendTo(upstream: ClientRequest): void {
    this.#upstream = upstream;
    this.#watchSilence();
    this.#hasBegun = this.#isComplete || (this.#kept?.length ?? 0) > 0;
    upstream.on('drain', this.#onDrain);
    const kept = this.#kept ?? [];
    for (const [place, chunk] of kept.entries()) {
      upstream.write(chunk);
      if (place >= this.#observedPieces) this.#observer?.requestData(chunk);
    }
    this.#observedPieces = Math.max(this.#observedPieces, kept.length);
    if (this.#isComplete) this.#end(upstream);
    else if (!upstream.writableNeedDrain) this.#request.resume();
  }

  /** Stops sending. Buffered chunks are kept. */
  detach(): void {
    this.#upstream?.off('drain', this.#onDrain);
    this.#upstream = undefined;
    if (this.#hasRoom(0)) this.#request.resume();
  }

  /** Releases the buffer. The body can then not be sent again. */
  release(): void {
    if (this.#kept === undefined) return;
    this.#kept = undefined;
    this.#budget.release(this.#bufferedBytes);
  }

  /** Stops handling the body. The code that sends the response must read and discard the rest of the request. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#rateTimer);
    this.detach();
    this.release();
    this.#resolveIfGathered();
    this.#request.off('data', this.#onData);
    this.#request.off('end', this.#onEnd);
  }

  readonly #onData = (chunk: Buffer): void => {
    const upstream = this.#upstream;
    this.#received += chunk.length;
    if (upstream === undefined) {
      this.#kept?.push(chunk);
      this.#count(memoryOf(chunk));
      if (!this.#hasRoom(0)) this.#pause();
      this.#resolveIfGathered();
      return;
    }
    if (this.#hasRoom(memoryOf(chunk))) {
      this.#kept?.push(chunk);
      this.#count(memoryOf(chunk));
      this.#observedPieces++;
    } else this.release();
    this.#hasBegun = true;
    if (!upstream.write(chunk)) this.#pause();
    this.#observer?.requestData(chunk);
  };

  readonly #onDrain = (): void => {
    this.#request.resume();
  };

  readonly #onEnd = (): void => {
    this.#isComplete = true;
    this.#request.socket.setTimeout(0);
    clearInterval(this.#rateTimer);
    this.#resolveIfGathered();
    if (this.#upstream !== undefined) this.#end(this.#upstream);
  };

  #pause(): void {
    this.#wasPaused = true;
    this.#request.pause();
  }

  #resolveIfGathered(): void {
    if (!this.#isComplete && !this.#isClosed && this.#hasRoom(0)) return;
    this.#onGathered?.();
    this.#onGathered = undefined;
  }

  #watchSilence(): void {
    if (this.#isComplete) return;
    this.#request.setTimeout(this.#silentMilliseconds, () => {
      // While the proxy doesn't read, the client can't send.
      if (!this.#request.isPaused()) this.#request.destroy();
    });
  }

  #watchRate(): void {
    if (this.#isComplete) return;
    let before = this.#received;
    this.#rateTimer = setInterval(() => {
      const isSlow = this.#received - before < minBytesPerInterval && !this.#wasPaused;
      this.#wasPaused = this.#request.isPaused();
      before = this.#received;
      if (isSlow) this.#request.destroy();
    }, this.#stallMilliseconds).unref();
  }

  #hasRoom(bytes: number): boolean {
    return this.#kept !== undefined && !this.#budget.isSpent && this.#bufferedBytes + bytes < maxBufferedBytes;
  }

  #count(bytes: number): void {
    if (this.#kept === undefined) return;
    this.#bufferedBytes += bytes;
    this.#budget.reserve(bytes);
  }

  #end(upstream: ClientRequest): void {
    const { rawTrailers } = this.#request;
    if (rawTrailers.length > 0) upstream.addTrailers(trailerPairs(rawTrailers));
    this.#hasBegun = true;
    upstream.end();
    if (!this.#hasObservedEnd) this.#observer?.requestEnd();
    this.#hasObservedEnd = true;
  }
}
