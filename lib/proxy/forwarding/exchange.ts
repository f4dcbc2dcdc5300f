import type { IncomingMessage, ServerResponse } from 'node:http';
import { UpstreamError } from '../errors/proxy-errors.js';
import { Attempt, type AttemptFailure } from './attempt.js';
import type { ContainedObserver } from './contained-observer.js';
import { hasBody, mayBeRepeated } from './endpoints.js';
import { type ErrorResponse, sendError } from './error-response.js';
import { continuesImmediately, requestHeaders } from './passed-headers.js';
import { upstreamFailed } from './rejections.js';
import { RequestBody, type RequestBodyOptions } from './request-body.js';
import { ResponseRelay } from './response-relay.js';
import type { ResponseWriterOptions } from './response-writer.js';
import type { OpenOptions } from './upstream.js';
import type { Lease, UpstreamPool } from './upstream-pool.js';

/** Options for an exchange. */
export interface ExchangeOptions extends RequestBodyOptions, Omit<ResponseWriterOptions, 'onStalled'> {
  readonly pool: UpstreamPool;
  readonly observer: ContainedObserver | undefined;
  /** Whether to remove the `Authorization` header, because it contains the key for the proxy. */
  readonly withoutAuthorization: boolean;
  /** Headers to remove, because they contain keys. `upstreamKey`, if set, is sent in the first of them. */
  readonly keyHeaders?: readonly string[] | undefined;
  /** The key for the upstream. */
  readonly upstreamKey: string | undefined;
  /** Called when a request is retried after a failure. */
  readonly onRetry: (error: UpstreamError) => void;
  /** Called when no upstream sent a valid response. */
  readonly onUpstreamFailed: () => void;
  /** Called once, when the exchange ends. */
  readonly onOver: () => void;
}

/** Statuses of upstreams that cannot process a request at the moment. */
const unavailableStatuses: ReadonlySet<number | undefined> = new Set([502, 503, 504]);

/** One request of a client and its response, until both are complete or one side disconnects. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly #options: ExchangeOptions;
  readonly #body: RequestBody | undefined;
  readonly #relay: ResponseRelay;
  readonly #tried: Lease['upstream'][] = [];
  readonly #abortController = new AbortController();
  readonly #mayBeRepeated: boolean;
  #attempt: Attempt | undefined;
  #lease: Lease | undefined;
  #wasRepeated = false;
  #isContinued: boolean;
  #resolveRun: (() => void) | undefined;
  #isOver = false;

  constructor(request: IncomingMessage, response: ServerResponse, options: ExchangeOptions) {
    this.request = request;
    this.response = response;
    this.#options = options;
    this.#mayBeRepeated = mayBeRepeated(request);
    this.#body = hasBody(request) ? new RequestBody(request, options) : undefined;
    this.#relay = new ResponseRelay(response, options.observer, {
      ...options,
      onStalled: () => request.socket.destroy(),
    });
    this.#isContinued = continuesImmediately(request);
    response.on('finish', () => this.#end('complete'));
    response.on('error', () => this.abort());
  }

  /** Aborted when the client disconnects before the end of the exchange. */
  get abortSignal(): AbortSignal {
    return this.#abortController.signal;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Sends the request to an upstream. */
  start(): void {
    if (this.#isOver) return;
    const lease = this.#options.pool.lease(this.#tried);
    // There is always a lease, because no upstream was tried yet.
    if (lease === undefined) return;
    // A request that must be sent only once needs a new connection: an upstream can close an idle one at any time.
    this.#try(lease, { newConnection: !this.#mayBeRepeated });
  }

  /**
   * Buffers the body before the request is sent to an upstream. Resolves when the body is complete, when the buffer is
   * full, or when the exchange ends. Sends 100 (Continue) to a client that waits for it.
   */
  async bufferBody(): Promise<void> {
    if (this.#isOver || this.#body === undefined) return;
    if (this.request.headers.expect !== undefined) {
      this.#isContinued = true;
      this.#relay.passContinue();
    }
    await this.#body.buffer();
  }

  /** Sends the request to an upstream. Resolves when the response has arrived completely, or when the exchange ends. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isOver) resolve();
      this.#resolveRun = resolve;
      this.start();
    });
  }

  /** Sends an error response instead of a response of an upstream. */
  reject(error: ErrorResponse): void {
    if (this.#isOver) return;
    this.#sendError(error);
    this.#end('refused');
  }

  /** Ends the exchange because the client has disconnected. */
  abort(): void {
    this.#lease?.end('aborted');
    this.#end('client-left');
  }

  #try(lease: Lease, options: OpenOptions = {}): void {
    const { request } = this;
    this.#lease = lease;
    this.#tried.push(lease.upstream);
    const { withoutAuthorization, keyHeaders, upstreamKey } = this.#options;
    const { authority: host } = lease.upstream;
    const headers = requestHeaders(request, {
      ...{ host, withoutAuthorization, keyHeaders, upstreamKey },
      isContinued: this.#isContinued,
    });
    const head = { method: request.method ?? 'GET', path: request.url ?? '/', headers, ...options };
    try {
      this.#attempt = new Attempt(lease.upstream, head, {
        continued: () => this.#relay.passContinue(),
        informed: (information) => this.#relay.passInformation(information),
        answered: (answer) => this.#answered(answer),
        failed: (failure) => this.#failed(failure),
        interrupted: (error) => this.#interrupt(error),
      });
    } catch {
      lease.end('aborted');
      this.reject({
        status: 400,
        type: 'invalid_request_error',
        message: 'The request has a header or path that is not valid in HTTP; remove invalid characters.',
      });
      return;
    }
    if (this.#isContinued) this.#relay.passContinue();
    this.#send(this.#attempt);
  }

  #send(attempt: Attempt): void {
    if (this.#body === undefined) {
      attempt.request.end();
      if (this.#tried.length === 1) this.#options.observer?.requestEnd();
      return;
    }
    const body = this.#body;
    body.sendTo(attempt.request);
    // Send the head even if the body arrives slowly.
    if (body.hasBegun) return;
    setImmediate(() => {
      if (!body.hasBegun) attempt.sendHead();
    });
  }

  #answered(answer: IncomingMessage): void {
    const lease = this.#lease;
    this.#body?.release();
    const { statusCode } = answer;
    const isAvailable = !unavailableStatuses.has(statusCode);
    if (isAvailable) lease?.responseStarted();
    try {
      this.#relay.pass(answer, () => {
        this.#attempt?.end();
        lease?.end(isAvailable ? 'succeeded' : unavailableError(lease, statusCode));
        this.#resolveRun?.();
      });
    } catch (cause) {
      const name = lease?.upstream.name ?? '';
      this.#attempt?.destroy();
      this.#upstreamFailed(new UpstreamError(name, 'broken', `${name} sent an invalid HTTP response.`, { cause }));
    }
  }

  #failed({ error, wasSent, wasClosing }: AttemptFailure): void {
    const lease = this.#lease;
    if (this.#isOver || lease === undefined) return;
    this.#body?.detach();
    const isReplayable = this.#body?.isReplayable !== false;
    if (wasClosing && isReplayable && this.#mayBeRepeated && !this.#wasRepeated) {
      // The upstream closed the idle connection just when the proxy reused it. That is not a failure of the upstream.
      this.#wasRepeated = true;
      this.#options.onRetry(error);
      this.#try(lease, { newConnection: true });
      return;
    }
    lease.end(error);
    const isSafe = !wasSent || (!this.#wasRepeated && this.#mayBeRepeated);
    const next = isReplayable && isSafe ? this.#options.pool.lease(this.#tried) : undefined;
    if (next === undefined) {
      this.#upstreamFailed(error);
      return;
    }
    this.#wasRepeated ||= wasSent;
    this.#options.onRetry(error);
    this.#try(next, { newConnection: !this.#mayBeRepeated });
  }

  #upstreamFailed(error: UpstreamError): void {
    this.#lease?.end(error);
    if (this.#isOver) return;
    this.#options.onUpstreamFailed();
    this.#sendError(upstreamFailed(error, this.#mayBeRepeated));
    this.#end('upstream-failed', error);
  }

  #interrupt(error: UpstreamError): void {
    this.#lease?.end(error);
    if (this.#isOver) return;
    this.#end('upstream-failed', error);
    this.#relay.abort();
  }

  #sendError(error: ErrorResponse): void {
    this.#body?.close();
    sendError(this.request, this.response, error);
    this.#options.observer?.answered({ status: error.status, headers: {} });
  }

  #end(end: 'complete' | 'client-left' | 'upstream-failed' | 'refused', error?: UpstreamError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#relay.stop();
    this.#body?.close();
    if (end === 'client-left') {
      this.#attempt?.destroy();
      this.#abortController.abort();
    } else if (end === 'complete' && !this.request.complete) this.request.resume();
    this.#options.observer?.ended(end, error);
    this.#options.onOver();
    this.#resolveRun?.();
  }
}

function unavailableError({ upstream: { name } }: Lease, status: number | undefined): UpstreamError {
  return new UpstreamError(name, 'unavailable', `${name} responded with status ${status}.`);
}
