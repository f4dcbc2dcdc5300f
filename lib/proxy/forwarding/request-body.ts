import type { ClientRequest, IncomingMessage } from 'node:http';
import type { ExchangeObserver } from './exchange-observer.js';
import { type KeptBytes, memoryOf } from './kept-bytes.js';
import { trailerPairs } from './passed-headers.js';

/** The most that is kept of one request, in bytes. */
const mostKept = 1024 * 1024;
/** The least that a client sends of a gathered body in the time of a stall, in bytes. */
const slowest = 64 * 1024;

/** What a body on its way works with. */
export interface RequestBodyOptions {
  readonly keptBytes: KeptBytes;
  readonly observer: ExchangeObserver | undefined;
  /** Without a byte of it, its client is cut off after so many: it holds a place that others wait for. */
  readonly silentBodySeconds: number;
  /** The time in which a client sends at least 64 KiB of a body that was gathered, in milliseconds. */
  readonly stallMilliseconds: number;
}

/**
 * The body of a request on its way: read as fast as the upstream takes it, and kept for another one while it is small.
 *
 * Its beginning is read before there is an upstream, because a client's departure is noticed only while reading.
 */
export class RequestBody {
  readonly #request: IncomingMessage;
  readonly #observer: ExchangeObserver | undefined;
  readonly #budget: KeptBytes;
  readonly #silentMilliseconds: number;
  readonly #stallMilliseconds: number;
  /** Undefined when it is not kept, or no longer. */
  #kept: Buffer[] | undefined = [];
  #keptBytes = 0;
  #isComplete = false;
  #upstream: ClientRequest | undefined;
  /** How many of the pieces that are kept the observer was told of. */
  #told = 0;
  #toldEnd = false;
  #hasBegun = false;
  #isClosed = false;
  #received = 0;
  #wasPaused = false;
  #pace: NodeJS.Timeout | undefined;
  #onGathered: (() => void) | undefined;

  constructor(request: IncomingMessage, options: RequestBodyOptions) {
    this.#request = request;
    this.#budget = options.keptBytes;
    this.#observer = options.observer;
    this.#silentMilliseconds = options.silentBodySeconds * 1_000;
    this.#stallMilliseconds = options.stallMilliseconds;
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

  /**
   * Resolves when the body is complete, when as much as is kept of it has come, or when it is closed. From then on, a client
   * that sends less than 64 KiB in the time of a stall is cut off, unless the upstream takes no more.
   */
  gather(): Promise<void> {
    this.#watchSilence();
    this.#watchPace();
    return new Promise((resolve) => {
      this.#onGathered = resolve;
      this.#tellGathered();
    });
  }

  /** Sends it from its beginning, and what comes of it from now on. */
  sendTo(upstream: ClientRequest): void {
    this.#upstream = upstream;
    this.#watchSilence();
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
    this.#isClosed = true;
    clearInterval(this.#pace);
    this.detach();
    this.release();
    this.#tellGathered();
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
      this.#tellGathered();
      return;
    }
    if (this.#hasRoom(memoryOf(chunk))) {
      this.#kept?.push(chunk);
      this.#count(memoryOf(chunk));
      this.#told++;
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
    clearInterval(this.#pace);
    this.#tellGathered();
    if (this.#upstream !== undefined) this.#end(this.#upstream);
  };

  #pause(): void {
    this.#wasPaused = true;
    this.#request.pause();
  }

  #tellGathered(): void {
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

  #watchPace(): void {
    if (this.#isComplete) return;
    let before = this.#received;
    this.#pace = setInterval(() => {
      const isSlow = this.#received - before < slowest && !this.#wasPaused;
      this.#wasPaused = this.#request.isPaused();
      before = this.#received;
      if (isSlow) this.#request.destroy();
    }, this.#stallMilliseconds).unref();
  }

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
