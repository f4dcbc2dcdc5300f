import { createHash } from 'node:crypto';
import { getMetricsCollector } from 'tinyllm';
import type { ResponseCache } from '../stores/response-cache.js';
import { Singleflight } from '../stores/singleflight.js';
import { hasTexts } from '../stores/texts.js';
import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from './model-client.js';
import { WrappedClient } from './wrapped-client.js';

/** What a cached client works with. */
export interface CachedClientOptions {
  readonly cache: ResponseCache;
  /** What else tells this model from others of its name, such as the URL of its server. */
  readonly scope?: string;
}

/** The `cache_type` of an answer that another caller was waiting for already. */
const joined = 'singleflight';

/** What an answer takes that no model gave. */
const free = { usage: { inputTokens: 0, outputTokens: 0 }, timings: {} } as const;

/** Increase this number if the key or the stored answer gets other contents. */
const keyVersion = 1;

/** What is kept of an answer. */
type KeptAnswer = Pick<ModelResponse, 'text' | 'model'>;

/**
 * Answers what was asked before from a cache, and asks its client once for all who ask the same at the same time.
 *
 * The same is what has the same digest of provider, model and all of the request but its signal and graph. Only
 * answers that came to their end are kept, and only those of its client itself, not of a fallback. A cached one costs no tokens and says `cached`; streamed, it is one piece.
 * Throws what its client throws, which everybody hears who waits for the same answer.
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

  /** Answers from the cache, else from the model; `cached` says which. Throws what the model throws. */
  async generate(request: ModelRequest): Promise<ModelResponse> {
    const key = this.#keyOf(request);
    let hasJoined = false;
    let response: ModelResponse | undefined;
    const responses = this.#responses.run(key, {
      work: (signal) => this.#respond({ ...request, signal }, key),
      signal: request.signal,
      onJoin: () => {
        hasJoined = true;
        countHit(joined);
      },
    });
    for await (const one of responses) response = one;
    // The work gives exactly one, or throws.
    const { costUsd: _, ...answer } = response as ModelResponse;
    return hasJoined ? { ...answer, ...free, cached: joined } : (response as ModelResponse);
  }

  /** Answers as {@link generate} does, piece by piece where the model is asked. */
  async *stream(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    const key = this.#keyOf(request);
    let hasJoined = false;
    const chunks = this.#streams.run(key, {
      work: (signal) => this.#chunks({ ...request, signal }, key),
      signal: request.signal,
      onJoin: () => {
        hasJoined = true;
        countHit(joined);
      },
    });
    for await (const chunk of chunks) {
      const { costUsd: _, ...piece } = chunk;
      yield hasJoined && chunk.finishReason !== undefined ? { ...piece, ...free, cached: joined } : chunk;
    }
  }

  async *#respond(request: ModelRequest, key: string): AsyncGenerator<ModelResponse, void, undefined> {
    const kept = await this.#lookUp(key);
    if (kept !== undefined) {
      yield { ...kept, finishReason: 'stop', ...free, cached: this.#cache.type };
      return;
    }
    const response = await this.client.generate(request);
    if (response.finishReason === 'stop' && this.#isOwn(response)) await this.#keep(key, response);
    yield response;
  }

  async *#chunks(request: ModelRequest, key: string): AsyncGenerator<ModelChunk, void, undefined> {
    const kept = await this.#lookUp(key);
    if (kept !== undefined) {
      yield { text: kept.text, finishReason: 'stop', ...free, cached: this.#cache.type };
      return;
    }
    let text = '';
    let keeping: Promise<void> | undefined;
    for await (const chunk of this.client.stream(request)) {
      text += chunk.text;
      // Before its last piece goes out, since not everybody reads on after that.
      const isWhole = chunk.finishReason === 'stop' && this.#isOwn(chunk);
      if (isWhole) keeping = this.#keep(key, { text, model: chunk.model ?? this.model });
      yield chunk;
    }
    await keeping;
  }

  async #lookUp(key: string): Promise<KeptAnswer | undefined> {
    const kept = await this.#cache.get(key);
    // Versions up to 0.2.0 kept answers of fallbacks, with their provider, under the key of the first model.
    if (hasTexts(kept, ['text', 'model']) && !hasTexts(kept, ['provider'])) {
      countHit(this.#cache.type);
      return { text: kept.text, model: kept.model };
    }
    getMetricsCollector().incrementCacheMiss({ cacheType: this.#cache.type });
    return undefined;
  }

  async #keep(key: string, { text, model }: KeptAnswer): Promise<void> {
    await this.#cache.set(key, { text, model } satisfies KeptAnswer);
  }

  /** An answer names a provider if another model than the one asked gave it. */
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
 * Digests a value that JSON can hold into 64 hexadecimal digits (SHA-256).
 *
 * Equal values have equal digests: the order of an object's keys does not matter, and a key without a value is none.
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
