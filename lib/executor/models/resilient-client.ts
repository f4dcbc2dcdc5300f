import { type RetryLimits, retry } from '@tinyllm/resilience';
import type { MetricsCollector } from 'tinyllm';
import { getMetricsCollector } from 'tinyllm';
import { ModelError } from 'tinyllm/recording';
import { transientReason } from './failure-reason.js';
import { GuardedCall, type ModelGuards } from './guarded-call.js';
import type { EmbedRequest, ModelChunk, ModelClient, ModelRequest, ModelResponse, TokenUsage } from './model-client.js';
import { WrappedClient } from './wrapped-client.js';

/** How much a client does for an answer. */
export interface ResilientClientOptions extends ModelGuards {
  /** Left out, there is one try. */
  readonly retry?: RetryLimits | undefined;
  /** Default the shared one. */
  readonly collector?: MetricsCollector | undefined;
}

/** A stream whose first piece has come. */
interface OpenStream {
  readonly call: GuardedCall;
  readonly pieces: AsyncIterator<ModelChunk>;
  readonly first: IteratorResult<ModelChunk>;
}

/** Of English text, about; by OpenAI's rule of thumb. */
const charactersPerToken = 4;

/**
 * Asks its client again when that may help, and not at all while its circuit breaker is open.
 *
 * From the outside in: retry, circuit breaker, rate limit, timeout. A stream is tried again only while no piece of it has
 * been handed on; one that breaks later counts as a failure for the breaker. Throws what the client throws last, and a
 * `ModelTimeoutError`, a `CircuitOpenError`, or the reason of the signal.
 */
export class ResilientClient extends WrappedClient {
  readonly #options: ResilientClientOptions;
  readonly #collector: MetricsCollector;

  constructor(client: ModelClient, options: ResilientClientOptions) {
    super(client);
    this.#options = options;
    this.#collector = options.collector ?? getMetricsCollector();
    const { embed } = this;
    if (embed !== undefined) this.embed = (request) => this.#whole(request, embed);
  }

  generate(request: ModelRequest): Promise<ModelResponse> {
    return this.#whole(request, (guarded) => this.client.generate(guarded));
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    const { call, pieces, first } = await this.#retry(() => this.#open(request), request.signal);
    let usage: TokenUsage = {};
    let isSettled = false;
    try {
      for (let piece = first; piece.done !== true; piece = await call.step(() => pieces.next())) {
        usage = piece.value.usage ?? usage;
        yield piece.value;
      }
      isSettled = true;
      await call.succeeded(usage);
    } catch (error) {
      isSettled = true;
      await call.failed(error);
      throw error;
    } finally {
      if (!isSettled) {
        await call.left();
        await pieces.return?.();
      }
    }
  }

  #whole<Request extends ModelRequest | EmbedRequest, Response extends { readonly usage: TokenUsage }>(
    request: Request,
    ask: (request: Request) => Promise<Response>,
  ): Promise<Response> {
    return this.#retry(async () => {
      const call = this.#begin(request);
      try {
        await call.turn();
        const response = await call.step(() => ask({ ...request, signal: call.signal }));
        await call.succeeded(response.usage);
        return response;
      } catch (error) {
        await call.failed(error);
        throw error;
      }
    }, request.signal);
  }

  async #open(request: ModelRequest): Promise<OpenStream> {
    const call = this.#begin(request);
    try {
      await call.turn();
      const pieces = this.client.stream({ ...request, signal: call.signal })[Symbol.asyncIterator]();
      return { call, pieces, first: await call.step(() => pieces.next()) };
    } catch (error) {
      await call.failed(error);
      throw error;
    }
  }

  #begin(request: ModelRequest | EmbedRequest): GuardedCall {
    const { provider, model } = this.client;
    return new GuardedCall({
      ...this.#options,
      provider,
      model,
      tokens: Math.ceil(charactersIn(request) / charactersPerToken),
      signal: request.signal,
    });
  }

  #retry<Result>(work: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    return retry(work, {
      ...(this.#options.retry ?? { attempts: 1 }),
      reasonOf: transientReason,
      retryAfterSeconds: (error) => (error instanceof ModelError ? error.retryAfterSeconds : undefined),
      onRetry: (reason) => this.#collector.incrementRetries({ model: this.model, reason }),
      signal,
    });
  }
}

function charactersIn(request: ModelRequest | EmbedRequest): number {
  const texts =
    'texts' in request
      ? request.texts
      : [request.system ?? '', ...(request.history ?? []).map(({ content }) => content), request.prompt];
  return texts.reduce((sum, { length }) => sum + length, 0);
}
