import type { IncomingMessage } from 'node:http';
import { InProcessQueue, RequestRate } from '@tinyllm/resilience';
import type { MetricsCollector } from 'tinyllm';
import type { ApiKeys } from 'tinyllm/server';
import { isExpectedHost, isLoopback } from 'tinyllm/server';
import { isPreflight, onlyReads } from './endpoints.js';
import type { ErrorResponse } from './error-response.js';
import type { Exchange } from './exchange.js';
import { invalidApiKey, queueFull, type RejectionReason, rateLimited, unexpectedHost } from './rejections.js';
import { targetError } from './target.js';

/** Options for access control, rate limit and queue. */
export interface GateOptions {
  /** The address on which the proxy listens. */
  readonly host: string;
  readonly collector: MetricsCollector;
  /**
   * The accepted API keys; by default, every client is accepted. With keys, the proxy removes `Authorization`, and each
   * of `x-api-key`, `api-key` and `x-goog-api-key` that contains such a key.
   */
  readonly keys?: ApiKeys | undefined;
  /**
   * The key that replaces the keys of the client in requests to upstreams. Ignored without `keys`; default none.
   *
   * With it, the proxy removes `Authorization`, `x-api-key`, `api-key` and `x-goog-api-key`, even if they contain other
   * keys.
   */
  readonly upstreamKey?: string | undefined;
  /** Maximum number of requests per second for each key, or in total without keys; unlimited by default. */
  readonly requestsPerSecond?: number | undefined;
  /** Maximum number of concurrent requests to upstreams. Further requests wait. Unlimited by default. */
  readonly maxConcurrent?: number | undefined;
  /** Maximum number of waiting requests; default 100. */
  readonly maxWaiting?: number | undefined;
}

/** The decision about a request, according to its head. */
export interface Verdict {
  readonly error?: ErrorResponse & { readonly reason: RejectionReason };
  /** The ID of the API key, if the proxy requires keys. */
  readonly key?: string | undefined;
  /** The name of the API key, if it has one. */
  readonly keyName?: string | undefined;
  /**
   * Names of the headers to remove, because they can contain keys. The first one is the header with the accepted key. A
   * preflight needs no key, so its list contains all headers for keys. `undefined` if the proxy requires no keys.
   */
  readonly keyHeaders?: readonly string[];
}

/** The headers in which clients send a key: OpenAI and most others, Anthropic, Azure, Gemini. */
const keyHeaderNames = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'] as const;

/** Maximum number of concurrent CORS preflights of all clients. */
const maxPreflights = 64;
/** Maximum number of CORS preflights per second of all clients. */
const preflightsPerSecond = 100;

/** Options for admitting a request. */
export interface AdmitOptions {
  readonly key: string | undefined;
  readonly onRejected: (reason: RejectionReason) => void;
}

/**
 * Controls access to a proxy. Rate limit and queue apply to all requests except CORS preflights and requests that only
 * read.
 */
export class Gate {
  readonly #keys: ApiKeys | undefined;
  readonly #upstreamKey: string | undefined;
  readonly #isLocal: boolean;
  readonly #rate: RequestRate | undefined;
  readonly #queue: InProcessQueue<void> | undefined;
  readonly #preflightRate = new RequestRate(preflightsPerSecond);
  #preflights = 0;

  /** Opens a gate. Throws a `QueueConfigurationError` if `maxConcurrent` or `maxWaiting` is invalid. */
  static async open(options: GateOptions): Promise<Gate> {
    const { maxConcurrent: workers, maxWaiting: capacity, collector } = options;
    if (workers === undefined) return new Gate(options, undefined);
    return new Gate(options, await InProcessQueue.open<void>({ workers, capacity, collector }));
  }

  private constructor(options: GateOptions, queue: InProcessQueue<void> | undefined) {
    const { keys, host, requestsPerSecond } = options;
    this.#keys = keys;
    this.#upstreamKey = options.upstreamKey;
    this.#isLocal = isLoopback(host);
    this.#rate = requestsPerSecond === undefined ? undefined : new RequestRate(requestsPerSecond);
    this.#queue = queue;
  }

  /** The key for upstreams. It is sent in the header that contained the key for the proxy. */
  get upstreamKey(): string | undefined {
    return this.#keys === undefined ? undefined : this.#upstreamKey;
  }

  /** Whether the proxy consumes the `Authorization` header. */
  get takesAuthorization(): boolean {
    return this.#keys !== undefined;
  }

  /** Checks the head of a request. */
  judge(request: IncomingMessage): Verdict {
    const error = targetError(request);
    if (error !== undefined) return { error: { ...error, reason: 'target' } };
    // This check prevents DNS rebinding. The model server can't check `Host` itself, because the proxy replaces it. A
    // web page has no key, so requests with keys need no check.
    if (this.#keys === undefined && this.#isLocal && !isExpectedHost(request.headers.host)) {
      return { error: { ...unexpectedHost, reason: 'host' } };
    }
    if (this.#keys === undefined) return {};
    if (isPreflight(request)) return { keyHeaders: keyHeaderNames };
    const keys = this.#keys;
    const presentedKeys = keyHeaderNames.flatMap((name) => {
      const value = request.headers[name];
      if (typeof value !== 'string') return [];
      const key = keys.keyOf(name === 'authorization' ? value : `Bearer ${value}`);
      return key === undefined ? [] : [{ name, key }];
    });
    const [first] = presentedKeys;
    if (first === undefined) return { error: { ...invalidApiKey, reason: 'key' } };
    const others = this.#upstreamKey === undefined ? presentedKeys.map(({ name }) => name) : keyHeaderNames;
    return { key: first.key.id, keyName: first.key.name, keyHeaders: [...new Set([first.name, ...others])] };
  }

  /** Starts an exchange immediately or when there is capacity, or rejects it. */
  admit(exchange: Exchange, options: AdmitOptions): void {
    if (isPreflight(exchange.request)) void this.#admitPreflight(exchange, options);
    else if ((this.#rate === undefined && this.#queue === undefined) || onlyReads(exchange.request)) exchange.start();
    else void this.#admitLater(exchange, options);
  }

  /** Preflights need no key and do not count toward the other limits, so they have their own limits. */
  async #admitPreflight(exchange: Exchange, { onRejected }: AdmitOptions): Promise<void> {
    const seconds = await this.#preflightRate.take('all');
    if (exchange.isOver) return;
    if (seconds !== undefined) {
      onRejected('rate');
      exchange.reject(rateLimited(seconds));
    } else if (this.#preflights >= maxPreflights) {
      onRejected('queue');
      exchange.reject(queueFull);
    } else {
      this.#preflights++;
      await exchange.run();
      this.#preflights--;
    }
  }

  async #admitLater(exchange: Exchange, { key = 'all', onRejected }: AdmitOptions): Promise<void> {
    const reject = (reason: RejectionReason, error: ErrorResponse): void => {
      if (exchange.isOver) return;
      onRejected(reason);
      exchange.reject(error);
    };
    const seconds = await this.#rate?.take(key);
    if (seconds !== undefined) reject('rate', rateLimited(seconds));
    else if (this.#queue === undefined) exchange.start();
    else {
      // Receive the body first, so that a slow client does not use one of the `maxConcurrent` slots.
      await exchange.bufferBody();
      if (exchange.isOver) return;
      await this.#queue
        .add(() => exchange.run(), { signal: exchange.abortSignal })
        .catch(() => reject('queue', queueFull));
    }
  }
}
