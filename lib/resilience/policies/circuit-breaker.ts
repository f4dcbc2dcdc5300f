import { type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, circuitBreaker, handleType } from 'cockatiel';
import type { CircuitBreakerState } from 'tinyllm';

/** When a circuit breaker opens, and for how long. */
export interface CircuitBreakerLimits {
  /** Number of consecutive failures that open the circuit breaker. Default: 5. */
  readonly failures?: number | undefined;
  /** Seconds until an open circuit breaker admits one trial call. Default: 30. */
  readonly openForSeconds?: number | undefined;
}

/** Limits and callbacks of a {@link CircuitBreaker}. */
export interface CircuitBreakerOptions extends CircuitBreakerLimits {
  /** Creates the error for a rejected call. `lastFailure` is the error of the most recent failed call. */
  readonly refusal: (lastFailure: unknown) => Error;
  /** Called with the new state after each state change. */
  readonly onState?: (state: CircuitBreakerState) => void;
  /** Called for each failed call. */
  readonly onFailure?: () => void;
  /** Called for each rejected call. */
  readonly onRejected?: () => void;
}

/**
 * A call that the circuit breaker admitted.
 *
 * Report its outcome exactly once, with one of these methods. Each resolves when the circuit breaker has recorded the
 * outcome.
 */
export interface CircuitPermit {
  /** The call succeeded. This closes a half-open circuit breaker. */
  succeeded(): Promise<void>;
  /** The call failed. Consecutive failures open the circuit breaker. */
  failed(error: unknown): Promise<void>;
  /** The call ended without an outcome, for example because it was cancelled. */
  left(): Promise<void>;
}

/** The error that cockatiel's policy receives for a failed call. */
class Failed extends Error {}

/** The error that cockatiel's policy receives for a trial call without an outcome. */
class TrialCancelled extends Failed {}

interface Call {
  resolve(): void;
  reject(reason: unknown): void;
}

const stateNames: Readonly<Record<CircuitState, CircuitBreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
};

/**
 * Rejects calls for a while after consecutive failures, and then admits one trial call.
 *
 * The states are those of cockatiel. While the trial call runs, all other calls are rejected immediately; they do not
 * wait for its outcome. If the trial call ends without an outcome, the next call is the trial call.
 */
export class CircuitBreaker {
  readonly #policy: CircuitBreakerPolicy;
  readonly #options: CircuitBreakerOptions;
  #lastFailure: unknown;

  constructor(options: CircuitBreakerOptions) {
    const { failures = 5, openForSeconds = 30 } = options;
    this.#options = options;
    this.#policy = circuitBreaker(handleType(Failed), {
      breaker: new ConsecutiveBreaker(failures),
      halfOpenAfter: { next: ({ result }) => openFor(result, openForSeconds * 1000) },
    });
    this.#policy.onStateChange((state) => options.onState?.(stateNames[state]));
  }

  get state(): CircuitBreakerState {
    return stateNames[this.#policy.state];
  }

  /**
   * Admits a call, or throws the error that `refusal` returns. `enter` throws while the circuit breaker is open and
   * does not admit a trial call yet, and while a trial call is running.
   */
  enter(): CircuitPermit {
    const { state } = this;
    let call: Call | undefined;
    const execute = (): Promise<void> =>
      new Promise((resolve, reject) => {
        call = { resolve, reject };
      });
    // The policy runs `execute` synchronously or not at all. While half-open, the policy would make a second call wait,
    // so `enter` rejects that call itself.
    const recorded = state === 'half-open' ? undefined : this.#policy.execute(execute).catch(() => undefined);
    const entered = call as Call | undefined;
    if (recorded === undefined || entered === undefined) {
      this.#options.onRejected?.();
      throw this.#options.refusal(this.#lastFailure);
    }
    // A call that is admitted while the state is open is the trial call.
    const isTrial = state === 'open';
    return {
      succeeded: () => {
        entered.resolve();
        return recorded;
      },
      failed: (error) => {
        this.#lastFailure = error;
        this.#options.onFailure?.();
        entered.reject(new Failed());
        return recorded;
      },
      left: () => {
        entered.reject(isTrial ? new TrialCancelled() : undefined);
        return recorded;
      },
    };
  }
}

interface OpenSpan {
  readonly duration: number;
  next(context: { readonly result: unknown }): OpenSpan;
}

function openFor(result: unknown, milliseconds: number): OpenSpan {
  const { error } = Object(result) as { readonly error?: unknown };
  return {
    duration: error instanceof TrialCancelled ? 0 : milliseconds,
    next: (context) => openFor(context.result, milliseconds),
  };
}
