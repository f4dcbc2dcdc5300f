import type { CircuitBreaker, CircuitPermit, RateLimiter } from '@tinyllm/resilience';
import { Deadline } from '@tinyllm/resilience';
import { ModelTimeoutError } from '../errors/model-client-errors.js';
import { failureReason, transientReason } from './failure-reason.js';
import type { TokenUsage } from './model-client.js';

/** The protections around each call to a model. */
export interface ModelGuards {
  readonly breaker?: CircuitBreaker | undefined;
  readonly limiter?: RateLimiter | undefined;
  /** The time limit of a whole answer, or of each piece of a stream, in seconds. Default: no limit. */
  readonly timeoutSeconds?: number | undefined;
}

/** Options of a {@link GuardedCall}. */
export interface GuardedCallOptions extends ModelGuards {
  readonly provider: string;
  readonly model: string;
  /** The estimated number of input tokens. */
  readonly tokens: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * One attempt of a call, with a circuit breaker, a rate limiter and a deadline.
 *
 * Call exactly one of `succeeded`, `failed` and `cancelled` at the end.
 */
export class GuardedCall {
  readonly #options: GuardedCallOptions;
  readonly #permit: CircuitPermit | undefined;
  readonly #deadline: Deadline;

  /** Throws a `CircuitOpenError` if the circuit breaker is open. */
  constructor(options: GuardedCallOptions) {
    const { provider, model, timeoutSeconds: seconds, signal, breaker } = options;
    this.#options = options;
    this.#permit = breaker?.enter();
    this.#deadline = new Deadline({
      seconds,
      signal,
      expired: () =>
        new ModelTimeoutError(
          `The model ${model} did not answer within its timeout of ${seconds} s; increase the timeout, or use a faster model.`,
          { provider, model },
        ),
    });
  }

  /** The signal for the model. It aborts on the caller's abort and at the deadline. */
  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  /** Waits for the rate limiter. Rejects with the reason of the caller's signal on abort. */
  async waitForRate(): Promise<void> {
    await this.#options.limiter?.acquire(this.#options.tokens, this.#options.signal);
  }

  /** Runs a part of the call with the time limit. Throws a `ModelTimeoutError` when the limit passes. */
  step<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#deadline.step(work);
  }

  async succeeded({ inputTokens = 0, outputTokens = 0 }: TokenUsage): Promise<void> {
    this.#deadline.end();
    await this.#permit?.succeeded();
    await this.#options.limiter?.spend(inputTokens + outputTokens - this.#options.tokens);
  }

  /**
   * The call failed. Only transient failures count for the circuit breaker. A server that rejects a request still
   * works, so this counts as a success.
   */
  async failed(error: unknown): Promise<void> {
    if (this.#options.signal?.aborted || failureReason(error) === undefined) return this.cancelled();
    this.#deadline.end();
    if (transientReason(error) === undefined) await this.#permit?.succeeded();
    else await this.#permit?.failed(error);
  }

  /** The call ended without an outcome. */
  async cancelled(): Promise<void> {
    this.#deadline.end();
    await this.#permit?.left();
  }
}
