import type { CircuitBreaker, CircuitPermit, RateLimiter } from '@tinyllm/resilience';
import { Deadline } from '@tinyllm/resilience';
import { ModelTimeoutError } from '../errors/model-client-errors.js';
import { failureReason, transientReason } from './failure-reason.js';
import type { TokenUsage } from './model-client.js';

/** What stands between a caller and a model. */
export interface ModelGuards {
  readonly breaker?: CircuitBreaker | undefined;
  readonly limiter?: RateLimiter | undefined;
  /** How long a whole answer may take, or each piece of a streamed one; default for ever. */
  readonly timeoutSeconds?: number | undefined;
}

/** What is called, and how large it is. */
export interface GuardedCallOptions extends ModelGuards {
  readonly provider: string;
  readonly model: string;
  /** Of what is sent, about. */
  readonly tokens: number;
  readonly signal: AbortSignal | undefined;
}

/** One try of a call: let in by the breaker, held back by the rate limiter, ended by its deadline; to be settled once. */
export class GuardedCall {
  readonly #options: GuardedCallOptions;
  readonly #permit: CircuitPermit | undefined;
  readonly #deadline: Deadline;

  /** Throws the breaker's refusal. */
  constructor(options: GuardedCallOptions) {
    const { provider, model, timeoutSeconds: seconds, signal, breaker } = options;
    this.#options = options;
    this.#permit = breaker?.enter();
    this.#deadline = new Deadline({
      seconds,
      signal,
      expired: () =>
        new ModelTimeoutError(
          `The model ${model} took more than its ${seconds} s to answer; give it a longer timeout, or ask a faster one.`,
          { provider, model },
        ),
    });
  }

  /** For the model: aborted by the caller, and at the deadline. */
  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  /** Waits for its turn. */
  async turn(): Promise<void> {
    await this.#options.limiter?.acquire(this.#options.tokens, this.#options.signal);
  }

  /** Does a part of the call, in the time it has. */
  step<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#deadline.step(work);
  }

  async succeeded({ inputTokens = 0, outputTokens = 0 }: TokenUsage): Promise<void> {
    this.#deadline.end();
    await this.#permit?.succeeded();
    await this.#options.limiter?.spend(inputTokens + outputTokens - this.#options.tokens);
  }

  /** A server that refuses what it does not like is a server that works. */
  async failed(error: unknown): Promise<void> {
    if (this.#options.signal?.aborted || failureReason(error) === undefined) return this.left();
    this.#deadline.end();
    if (transientReason(error) === undefined) await this.#permit?.succeeded();
    else await this.#permit?.failed(error);
  }

  /** It ended without showing how the model is. */
  async left(): Promise<void> {
    this.#deadline.end();
    await this.#permit?.left();
  }
}
