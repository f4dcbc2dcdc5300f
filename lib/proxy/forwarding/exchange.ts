import type { IncomingMessage, ServerResponse } from 'node:http';
import { UpstreamError } from '../errors/proxy-errors.js';
import { AnswerRelay } from './answer-relay.js';
import { Attempt, type AttemptFailure } from './attempt.js';
import type { ContainedObserver } from './contained-observer.js';
import { hasBody, mayBeRepeated } from './endpoints.js';
import { goesOnAtOnce, requestHeaders } from './passed-headers.js';
import { type Refusal, refuse } from './refusal.js';
import { unanswered } from './refusals.js';
import { RequestBody, type RequestBodyOptions } from './request-body.js';
import type { ResponseWriterOptions } from './response-writer.js';
import type { OpenOptions } from './upstream.js';
import type { Lease, UpstreamPool } from './upstream-pool.js';

/** What an exchange works with. */
export interface ExchangeOptions extends RequestBodyOptions, Omit<ResponseWriterOptions, 'onStalled'> {
  readonly pool: UpstreamPool;
  readonly observer: ContainedObserver | undefined;
  /** Whether `Authorization` was for the proxy, and goes no further. */
  readonly withoutAuthorization: boolean;
  /** Headers of keys that go no further; the first is that of `upstreamKey`. */
  readonly keyHeaders?: readonly string[] | undefined;
  /** The key that goes on in its place. */
  readonly upstreamKey: string | undefined;
  /** A request is sent again, after an upstream failed it. */
  readonly onRetry: (error: UpstreamError) => void;
  /** No upstream answered it. */
  readonly onUnanswered: () => void;
  /** Called once, when all is over. */
  readonly onOver: () => void;
}

/** What upstreams answer that cannot work on a request now. */
const unavailable: ReadonlySet<number | undefined> = new Set([502, 503, 504]);

/** One request of a client and its answer: on their way, until both are through or one side is gone. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly #options: ExchangeOptions;
  readonly #body: RequestBody | undefined;
  readonly #relay: AnswerRelay;
  readonly #tried: Lease['upstream'][] = [];
  readonly #left = new AbortController();
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
    this.#relay = new AnswerRelay(response, options.observer, {
      ...options,
      onStalled: () => request.socket.destroy(),
    });
    this.#isContinued = goesOnAtOnce(request);
    response.on('finish', () => this.#end('complete'));
    response.on('error', () => this.leave());
  }

  /** Aborted when the exchange is over before its time. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Asks an upstream. */
  start(): void {
    if (this.#isOver) return;
    const lease = this.#options.pool.lease(this.#tried);
    // Without a lease, all upstreams have been tried, and the client has been told of the failure.
    // A request that is sent at most once gets a new connection, because an upstream can close a kept one at any time.
    if (lease !== undefined) this.#try(lease, { afresh: !this.#mayBeRepeated });
  }

  /**
   * Reads the body before an upstream is asked, as far as it is kept. Resolves then, or when the exchange is over.
   * A client that waits with its body is told to go on.
   */
  async gather(): Promise<void> {
    if (this.#isOver || this.#body === undefined) return;
    if (this.request.headers.expect !== undefined) {
      this.#isContinued = true;
      this.#relay.passContinue();
    }
    await this.#body.gather();
  }

  /** Asks an upstream, and resolves when its answer has come, though the client may still read it, or all is over. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isOver) resolve();
      this.#resolveRun = resolve;
      this.start();
    });
  }

  /** Answers in the upstream's place. */
  refuse(refusal: Refusal): void {
    if (this.#isOver) return;
    this.#refuse(refusal);
    this.#end('refused');
  }

  /** The client is gone: so is, at once, what is done for it. */
  leave(): void {
    this.#lease?.end('left');
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
        brokeOff: (error) => this.#cutOff(error),
      });
    } catch {
      lease.end('left');
      this.refuse({
        status: 400,
        type: 'invalid_request_error',
        message: 'The request has a header or path that cannot be sent.',
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
    // A body that is slow to come must not hold back the head.
    if (body.hasBegun) return;
    setImmediate(() => {
      if (!body.hasBegun) attempt.sendHead();
    });
  }

  #answered(answer: IncomingMessage): void {
    const lease = this.#lease;
    this.#body?.release();
    const { statusCode } = answer;
    const isGood = !unavailable.has(statusCode);
    if (isGood) lease?.answered();
    try {
      this.#relay.pass(answer, () => {
        this.#attempt?.end();
        lease?.end(isGood ? 'good' : unavailableError(lease, statusCode));
        this.#resolveRun?.();
      });
    } catch (cause) {
      const name = lease?.upstream.name ?? '';
      this.#attempt?.destroy();
      this.#unanswered(new UpstreamError(name, 'broken', `${name} gave an answer that is no HTTP.`, { cause }));
    }
  }

  #failed({ error, wasSent, wasClosing }: AttemptFailure): void {
    const lease = this.#lease;
    if (this.#isOver || lease === undefined) return;
    this.#body?.detach();
    const isWhole = this.#body?.isWhole !== false;
    if (wasClosing && isWhole && this.#mayBeRepeated && !this.#wasRepeated) {
      // The connection was closed as it was used again; that says nothing of the upstream.
      this.#wasRepeated = true;
      this.#options.onRetry(error);
      this.#try(lease, { afresh: true });
      return;
    }
    lease.end(error);
    const isSafe = !wasSent || (!this.#wasRepeated && this.#mayBeRepeated);
    const next = isWhole && isSafe ? this.#options.pool.lease(this.#tried) : undefined;
    if (next === undefined) {
      this.#unanswered(error);
      return;
    }
    this.#wasRepeated ||= wasSent;
    this.#options.onRetry(error);
    this.#try(next, { afresh: !this.#mayBeRepeated });
  }

  #unanswered(error: UpstreamError): void {
    this.#lease?.end(error);
    if (this.#isOver) return;
    this.#options.onUnanswered();
    this.#refuse(unanswered(error, this.#mayBeRepeated));
    this.#end('upstream-failed', error);
  }

  #cutOff(error: UpstreamError): void {
    this.#lease?.end(error);
    if (this.#isOver) return;
    this.#end('upstream-failed', error);
    this.#relay.cutOff();
  }

  #refuse(refusal: Refusal): void {
    this.#body?.close();
    refuse(this.request, this.response, refusal);
    this.#options.observer?.answered({ status: refusal.status, headers: {} });
  }

  #end(end: 'complete' | 'client-left' | 'upstream-failed' | 'refused', error?: UpstreamError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#relay.stop();
    this.#body?.close();
    if (end === 'client-left') {
      this.#attempt?.destroy();
      this.#left.abort();
    } else if (end === 'complete' && !this.request.complete) this.request.resume();
    this.#options.observer?.ended(end, error);
    this.#options.onOver();
    this.#resolveRun?.();
  }
}

function unavailableError({ upstream: { name } }: Lease, status: number | undefined): UpstreamError {
  return new UpstreamError(name, 'unavailable', `${name} answered ${status}.`);
}
