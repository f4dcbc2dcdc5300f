import type { IncomingMessage } from 'node:http';
import { InProcessQueue, RequestRate } from '@tinyllm/resilience';
import type { MetricsCollector } from 'tinyllm';
import type { ApiKeys } from 'tinyllm/server';
import { isExpectedHost, isLoopback } from 'tinyllm/server';
import { isPreflight, onlyReads } from './endpoints.js';
import type { Exchange } from './exchange.js';
import type { Refusal } from './refusal.js';
import { foreignHost, queueFull, type RefusalReason, tooOften, wrongKey } from './refusals.js';
import { refusedTarget } from './target.js';

/** Whom a proxy lets in, and how many at a time. */
export interface GateOptions {
  /** Where the proxy listens. */
  readonly host: string;
  readonly collector: MetricsCollector;
  /** Whose requests are passed on; default everybody's. `Authorization`, and other headers with such a key, are removed. */
  readonly keys?: ApiKeys | undefined;
  /** The key that upstreams get in place of theirs, where there are keys; default none. */
  readonly upstreamKey?: string | undefined;
  /** Requests that each key may begin in a second, or all together where there are no keys; default any number. */
  readonly requestsPerSecond?: number | undefined;
  /** Requests at the upstreams at a time, others wait; default any number. */
  readonly maxConcurrent?: number | undefined;
  /** Requests that wait at a time; default 100. */
  readonly maxWaiting?: number | undefined;
}

/** What is to be done with a request, by its head. */
export interface Verdict {
  readonly refusal?: Refusal & { readonly reason: RefusalReason };
  /** Whose it is, where there are keys. */
  readonly key?: string | undefined;
  /** The headers of keys that go no further; the first brought the key that counts. */
  readonly keyHeaders?: readonly string[];
}

/** The headers in which clients send a key: OpenAI's and most others, Anthropic's, Azure's, Gemini's. */
const keyHeaderNames = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'] as const;

/** CORS preflights at the upstreams at a time, and let in in a second, of all clients together. */
const mostPreflights = 64;
const preflightsPerSecond = 100;

/** How a request is let in. */
export interface AdmitOptions {
  readonly key: string | undefined;
  readonly onRefused: (reason: RefusalReason) => void;
}

/** Who may come in to a proxy, and when; rate and queue are for requests that may set a model to work. */
export class Gate {
  readonly #keys: ApiKeys | undefined;
  readonly #upstreamKey: string | undefined;
  readonly #isForThisMachine: boolean;
  readonly #rate: RequestRate | undefined;
  readonly #queue: InProcessQueue<void> | undefined;
  readonly #preflightRate = new RequestRate(preflightsPerSecond);
  #preflights = 0;

  /** Opens a gate. Throws a `QueueConfigurationError` for numbers it cannot work with. */
  static async open(options: GateOptions): Promise<Gate> {
    const { maxConcurrent: workers, maxWaiting: capacity, collector } = options;
    if (workers === undefined) return new Gate(options, undefined);
    return new Gate(options, await InProcessQueue.open<void>({ workers, capacity, collector }));
  }

  private constructor(options: GateOptions, queue: InProcessQueue<void> | undefined) {
    const { keys, host, requestsPerSecond } = options;
    this.#keys = keys;
    this.#upstreamKey = options.upstreamKey;
    this.#isForThisMachine = isLoopback(host);
    this.#rate = requestsPerSecond === undefined ? undefined : new RequestRate(requestsPerSecond);
    this.#queue = queue;
  }

  /** The key that upstreams get, in the header that brought the key of the proxy. */
  get upstreamKey(): string | undefined {
    return this.#keys === undefined ? undefined : this.#upstreamKey;
  }

  /** Whether `Authorization` is for the proxy. */
  get takesAuthorization(): boolean {
    return this.#keys !== undefined;
  }

  /** What its head alone says of a request. */
  judge(request: IncomingMessage): Verdict {
    const refusal = refusedTarget(request);
    if (refusal !== undefined) return { refusal: { ...refusal, reason: 'target' } };
    // Protects against DNS rebinding. The model server can't, because the proxy replaces `Host`. A web page has no key, so
    // requests with keys need no check.
    if (this.#keys === undefined && this.#isForThisMachine && !isExpectedHost(request.headers.host)) {
      return { refusal: { ...foreignHost, reason: 'host' } };
    }
    if (this.#keys === undefined) return {};
    if (isPreflight(request)) return { keyHeaders: keyHeaderNames };
    const keys = this.#keys;
    const brought = keyHeaderNames.flatMap((name) => {
      const value = request.headers[name];
      if (typeof value !== 'string') return [];
      const key = keys.holderOf(name === 'authorization' ? value : `Bearer ${value}`);
      return key === undefined ? [] : [{ name, key }];
    });
    const [first] = brought;
    if (first === undefined) return { refusal: { ...wrongKey, reason: 'key' } };
    const others = this.#upstreamKey === undefined ? brought.map(({ name }) => name) : keyHeaderNames;
    return { key: first.key, keyHeaders: [...new Set([first.name, ...others])] };
  }

  /** Starts an exchange, at once or when there is room, or refuses it. */
  admit(exchange: Exchange, options: AdmitOptions): void {
    if (isPreflight(exchange.request)) void this.#admitPreflight(exchange, options);
    else if ((this.#rate === undefined && this.#queue === undefined) || onlyReads(exchange.request)) exchange.start();
    else void this.#admitLater(exchange, options);
  }

  /** Without keys and the limits of other requests, and therefore with limits of their own. */
  async #admitPreflight(exchange: Exchange, { onRefused }: AdmitOptions): Promise<void> {
    const seconds = await this.#preflightRate.take('all');
    if (exchange.isOver) return;
    if (seconds !== undefined) {
      onRefused('rate');
      exchange.refuse(tooOften(seconds));
    } else if (this.#preflights >= mostPreflights) {
      onRefused('queue');
      exchange.refuse(queueFull);
    } else {
      this.#preflights++;
      await exchange.run();
      this.#preflights--;
    }
  }

  async #admitLater(exchange: Exchange, { key = 'all', onRefused }: AdmitOptions): Promise<void> {
    const refuse = (reason: RefusalReason, refusal: Refusal): void => {
      if (exchange.isOver) return;
      onRefused(reason);
      exchange.refuse(refusal);
    };
    const seconds = await this.#rate?.take(key);
    if (seconds !== undefined) refuse('rate', tooOften(seconds));
    else if (this.#queue === undefined) exchange.start();
    else {
      // A place at the upstream is for work there, and not for clients that are slow to send.
      await exchange.gather();
      if (exchange.isOver) return;
      await this.#queue.add(() => exchange.run(), { signal: exchange.left }).catch(() => refuse('queue', queueFull));
    }
  }
}
