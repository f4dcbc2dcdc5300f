import { createHash } from 'node:crypto';
import { getMetricsCollector } from 'tinyllm';
import { hasStrings } from '../stores/has-strings.js';
import type { ResponseCache } from '../stores/response-cache.js';
import { Singleflight } from '../stores/singleflight.js';
import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from './model-client.js';
import { WrappedClient } from './wrapped-client.js';

/** Options of a {@link CachedClient}. */
export interface CachedClientOptions {
  readonly cache: ResponseCache;
  /**
   * A text that distinguishes models with the same name, such as the URL of the server. It is part of the cache key.
   */
  readonly scope?: string;
}

/** The `cache_type` of an answer that is shared with a concurrent identical request. */
const singleflight = 'singleflight';

/** The usage and timings of an answer without a model call. */
const noUsage = { usage: { inputTokens: 0, outputTokens: 0 }, timings: {} } as const;

/** Increase this number when the contents of the key or of the stored answer change. */
const keyVersion = 1;

/** The cached part of an answer. */
type StoredAnswer = Pick<ModelResponse, 'text' | 'model'>;

/**
 * Answers repeated requests from a cache. Concurrent identical requests share one model call.
 *
 * The cache key is a digest of the provider, the model and the request without its signal and graph. Only complete
 * answers of the client's own model are cached. Answers of a fallback are not cached. A cached answer costs no tokens,
 * has `cached` set, and is streamed as one piece. Throws the errors of the wrapped client. Requests that share a call
 * receive the same error.
 */
export class CachedClient extends WrappedClient {
  readonly #cache: ResponseCache;
  readonly #scope: string | undefined;
  readonly #responses = new Singleflight<ModelResponse>();
  readonly #streams = new Singleflight<ModelChunk>();

  constructor(client: ModelClient, { cache, scope }: CachedClientOptions) {
    super(client);
    this.#cache = cache;
    this.#scope = scope;
  }

  /** Answers from the cache or from the model. `cached` names the cache. Throws the errors of the wrapped client. */
  async generate(request: ModelRequest): Promise<ModelResponse> {
    const key = this.#keyOf(request);
    let hasJoined = false;
    let response: ModelResponse | undefined;
    const responses = this.#responses.run(key, {
      work: (signal) => this.#respond({ ...request, signal }, key),
      signal: request.signal,
      onJoin: () => {
        hasJoined = true;
        countHit(singleflight);
      },
    });
    for await (const one of responses) response = one;
    // The work yields exactly one response, or throws.
    const { costUsd: _, ...answer } = response as ModelResponse;
    return hasJoined ? { ...answer, ...noUsage, cached: singleflight } : (response as ModelResponse);
  }

  /** Answers like {@link generate}. An answer of the model arrives in pieces. */
  async *stream(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    const key = this.#keyOf(request);
    let hasJoined = false;
    const chunks = this.#streams.run(key, {
      work: (signal) => this.#chunks({ ...request, signal }, key),
      signal: request.signal,
      onJoin: () => {
        hasJoined = true;
        countHit(singleflight);
      },
    });
    for await (const chunk of chunks) {
      const { costUsd: _, ...piece } = chunk;
      yield hasJoined && chunk.finishReason !== undefined ? { ...piece, ...noUsage, cached: singleflight } : chunk;
    }
  }

  async *#respond(request: ModelRequest, key: string): AsyncGenerator<ModelResponse, void, undefined> {
    const stored = await this.#lookUp(key);
    if (stored !== undefined) {
      yield { ...stored, finishReason: 'stop', ...noUsage, cached: this.#cache.type };
      return;
    }
    const response = await this.client.generate(request);
    if (response.finishReason === 'stop' && this.#isOwn(response)) await this.#store(key, response);
    yield response;
  }

  async *#chunks(request: ModelRequest, key: string): AsyncGenerator<ModelChunk, void, undefined> {
    const stored = await this.#lookUp(key);
    if (stored !== undefined) {
      yield { text: stored.text, finishReason: 'stop', ...noUsage, cached: this.#cache.type };
      return;
    }
    let text = '';
    let storing: Promise<void> | undefined;
    for await (const chunk of this.client.stream(request)) {
      text += chunk.text;
      // Starts to store the answer before it yields the last piece, because some callers stop reading after the last
      // piece.
      const isWhole = chunk.finishReason === 'stop' && this.#isOwn(chunk);
      if (isWhole) storing = this.#store(key, { text, model: chunk.model ?? this.model });
      yield chunk;
    }
    await storing;
  }

  async #lookUp(key: string): Promise<StoredAnswer | undefined> {
    const stored = await this.#cache.get(key);
    // Versions up to 0.2.0 stored answers of fallbacks, with their provider, under the key of the first model.
    if (hasStrings(stored, ['text', 'model']) && !hasStrings(stored, ['provider'])) {
      countHit(this.#cache.type);
      return { text: stored.text, model: stored.model };
    }
    getMetricsCollector().incrementCacheMiss({ cacheType: this.#cache.type });
    return undefined;
  }

  async #store(key: string, { text, model }: StoredAnswer): Promise<void> {
    await this.#cache.set(key, { text, model } satisfies StoredAnswer);
  }

  /** Whether the wrapped client's own model gave the answer. Answers of a fallback name their provider. */
  #isOwn({ provider }: Pick<ModelChunk, 'provider'>): boolean {
    return provider === undefined;
  }

  #keyOf({ signal: _signal, graph: _graph, ...asked }: ModelRequest): string {
    const { provider, model } = this;
    return digestOf({ keyVersion, provider, model, scope: this.#scope, asked });
  }
}

function countHit(cacheType: string): void {
  getMetricsCollector().incrementCacheHit({ cacheType });
}

/**
 * Returns the SHA-256 digest of a JSON value as 64 hexadecimal digits.
 *
 * Equal values have equal digests. The order of keys does not matter, and keys with the value undefined are ignored.
 */
export function digestOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(value)))
    .digest('hex');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner)]));
}
