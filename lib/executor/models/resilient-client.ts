import { type RetryLimits, retry } from '@tinyllm/resilience';
import type { MetricsCollector } from 'tinyllm';
import { getMetricsCollector } from 'tinyllm';
import { ModelError } from 'tinyllm/recording';
import { transientReason } from './failure-reason.js';
import { GuardedCall, type ModelGuards } from './guarded-call.js';
import type { EmbedRequest, ModelChunk, ModelClient, ModelRequest, ModelResponse, TokenUsage } from './model-client.js';
import { WrappedClient } from './wrapped-client.js';

/** Options of a {@link ResilientClient}. */
export interface ResilientClientOptions extends ModelGuards {
  /** Default: one attempt. */
  readonly retry?: RetryLimits | undefined;
  /** Default: the shared collector. */
  readonly collector?: MetricsCollector | undefined;
}

/** A stream whose first piece has arrived. */
interface OpenStream {
  readonly call: GuardedCall;
  readonly pieces: AsyncIterator<ModelChunk>;
  readonly first: IteratorResult<ModelChunk>;
}

/** OpenAI's rule of thumb for English text. */
const charactersPerToken = 4;

/**
 * Adds retries, a circuit breaker, a rate limit and a timeout to a client, in this order from the outside in.
 *
 * A stream is retried only before its first piece has been yielded. A stream that breaks off later counts as a failure
 * for the circuit breaker. Throws the last error of the client, a `ModelTimeoutError`, a `CircuitOpenError`, or the
 * signal's reason.
 */
export class ResilientClient extends WrappedClient {
  readonly #options: ResilientClientOptions;
  readonly #collector: MetricsCollector;

  constructor(client: ModelClient, options: ResilientClientOptions) {
    super(client);
    this.#options = options;
    this.#collector = options.collector ?? getMetricsCollector();
    const { embed } = this;
    if (embed !== undefined) this.embed = (request) => this.#callWhole(request, embed);
  }

  generate(request: ModelRequest): Promise<ModelResponse> {
    return this.#callWhole(request, (guarded) => this.client.generate(guarded));
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
        await call.cancelled();
        await pieces.return?.();
      }
    }
  }

  #callWhole<Request extends ModelRequest | EmbedRequest, Response extends { readonly usage: TokenUsage }>(
    request: Request,
    send: (request: Request) => Promise<Response>,
  ): Promise<Response> {
    return this.#retry(async () => {
      const call = this.#begin(request);
      try {
        await call.waitForRate();
        const response = await call.step(() => send({ ...request, signal: call.signal }));
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
      await call.waitForRate();
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
