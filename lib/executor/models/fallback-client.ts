import type { MetricsCollector } from 'tinyllm';
import { getMetricsCollector } from 'tinyllm';
import { AllModelsFailedError } from '../errors/model-client-errors.js';
import { type FailureReason, failureReason } from './failure-reason.js';
import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from './model-client.js';
import { WrappedClient } from './wrapped-client.js';

/** Where a {@link FallbackClient} counts. */
export interface FallbackClientOptions {
  /** Default the shared one. */
  readonly collector?: MetricsCollector | undefined;
}

/** How the models before the one that is asked now have failed. */
interface Failures {
  readonly errors: unknown[];
  /** Why the first did. */
  reason?: FailureReason;
}

/**
 * Asks one model, and when that fails, others in turn; the answer says which one gave it.
 *
 * It falls back on any failure of a model or its provider, but on no cancellation and no error of another kind: those are
 * thrown as they are. A stream falls back only while no piece of it has been handed on. When all models have failed it
 * throws an `AllModelsFailedError`. Vectors come from the first model alone, since those of two models do not compare.
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
        note(failures, error, request.signal);
      }
    }
    throw this.#exhausted(failures);
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
        note(failures, error, request.signal);
      }
    }
    throw this.#exhausted(failures);
  }

  override async close(): Promise<void> {
    await Promise.all(this.#chain.map((client) => client.close?.()));
  }

  #count(client: ModelClient, { reason }: Failures): void {
    if (reason === undefined) return;
    this.#collector.incrementFallbacks({ requestedModel: this.model, fallbackModel: client.model, reason });
  }

  #exhausted({ errors }: Failures): AllModelsFailedError {
    const said = errors.map((error, index) => `${this.#chain[index]?.model}: ${(error as Error).message}`);
    return new AllModelsFailedError(
      `None of ${errors.length} models answered. ${said.join(' ')}`,
      { provider: this.provider, model: this.model },
      errors,
    );
  }
}

/** Takes note of a failure that another model can make good, and throws any other. */
function note(failures: Failures, error: unknown, signal: AbortSignal | undefined): void {
  const reason = signal?.aborted ? undefined : failureReason(error);
  if (reason === undefined) throw error;
  failures.errors.push(error);
  failures.reason ??= reason;
}
