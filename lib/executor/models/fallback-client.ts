import type { MetricsCollector } from 'tinyllm';
import { getMetricsCollector } from 'tinyllm';
import { AllModelsFailedError } from '../errors/model-client-errors.js';
import { type FailureReason, failureReason } from './failure-reason.js';
import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from './model-client.js';
import { WrappedClient } from './wrapped-client.js';

/** Options of a {@link FallbackClient}. */
export interface FallbackClientOptions {
  /** Default: the shared collector. */
  readonly collector?: MetricsCollector | undefined;
}

/** The failures of the models that were called so far. */
interface Failures {
  readonly errors: unknown[];
  /** The reason of the first failure. */
  reason?: FailureReason;
}

/**
 * Calls one model, and if it fails, the fallback models in order. The answer names the model that gave it.
 *
 * It falls back after any failure of a model or its provider. Cancellations and other errors are thrown unchanged. A
 * stream falls back only before its first piece has been yielded. If all models fail, it throws an
 * `AllModelsFailedError`. Embeddings come only from the first model, because vectors of different models cannot be
 * compared.
 */
export class FallbackClient extends WrappedClient {
  readonly #chain: readonly ModelClient[];
  readonly #collector: MetricsCollector;

  constructor(first: ModelClient, others: readonly ModelClient[], { collector }: FallbackClientOptions = {}) {
    super(first);
    this.#chain = [first, ...others];
    this.#collector = collector ?? getMetricsCollector();
  }

  async generate(request: ModelRequest): Promise<ModelResponse> {
    const failures: Failures = { errors: [] };
    for (const client of this.#chain) {
      try {
        const response = await client.generate(request);
        this.#count(client, failures);
        return client === this.client ? response : { ...response, provider: client.provider };
      } catch (error) {
        recordFailure(failures, error, request.signal);
      }
    }
    throw this.#allFailed(failures);
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    const failures: Failures = { errors: [] };
    for (const client of this.#chain) {
      let hasBegun = false;
      try {
        for await (const chunk of client.stream(request)) {
          if (!hasBegun) this.#count(client, failures);
          hasBegun = true;
          yield client === this.client ? chunk : { ...chunk, model: client.model, provider: client.provider };
        }
        return;
      } catch (error) {
        if (hasBegun) throw error;
        recordFailure(failures, error, request.signal);
      }
    }
    throw this.#allFailed(failures);
  }

  override async close(): Promise<void> {
    await Promise.all(this.#chain.map((client) => client.close?.()));
  }

  #count(client: ModelClient, { reason }: Failures): void {
    if (reason === undefined) return;
    this.#collector.incrementFallbacks({ requestedModel: this.model, fallbackModel: client.model, reason });
  }

  #allFailed({ errors }: Failures): AllModelsFailedError {
    const messages = errors.map((error, index) => `${this.#chain[index]?.model}: ${(error as Error).message}`);
    return new AllModelsFailedError(
      `None of ${errors.length} models answered. ${messages.join(' ')}`,
      { provider: this.provider, model: this.model },
      errors,
    );
  }
}

/** Records a failure that allows a fallback, and throws other errors. */
function recordFailure(failures: Failures, error: unknown, signal: AbortSignal | undefined): void {
  const reason = signal?.aborted ? undefined : failureReason(error);
  if (reason === undefined) throw error;
  failures.errors.push(error);
  failures.reason ??= reason;
}
