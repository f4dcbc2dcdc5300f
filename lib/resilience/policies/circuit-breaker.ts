import { type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, circuitBreaker, handleType } from 'cockatiel';
import type { CircuitBreakerState } from 'tinyllm';

/** When a circuit breaker opens, and for how long. */
export interface CircuitBreakerLimits {
  /** After how many failures in a row it opens; default 5. */
  readonly failures?: number | undefined;
  /** After how many seconds an open one lets one call through to see; default 30. */
  readonly openForSeconds?: number | undefined;
}

/** What a circuit breaker tells, and whom. */
export interface CircuitBreakerOptions extends CircuitBreakerLimits {
  /** The error for a call that is turned away; it gets the failure that opened the breaker last. */
  readonly refusal: (lastFailure: unknown) => Error;
  /** Called with each new state. */
  readonly onState?: (state: CircuitBreakerState) => void;
  /** Called for each failed call. */
  readonly onFailure?: () => void;
  /** Called for each call that an open breaker rejects. */
  readonly onRejected?: () => void;
}

/**
 * A call the breaker let through, to be told how it ended, once; each way resolves when the breaker has taken note.
 */
export interface CircuitPermit {
  /** The call succeeded; closes a half-open breaker. */
  succeeded(): Promise<void>;
  /** The call failed; counts towards opening the breaker. */
  failed(error: unknown): Promise<void>;
  /** It ended without showing how the other side is: cancelled, say. */
  left(): Promise<void>;
}

/** What the policy sees of a failed call. */
class Failed extends Error {}

/** What the policy sees of the one call of a half-open breaker when it was left; of others it sees nothing. */
class ProbeLeft extends Failed {}

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
 * Turns calls away for a while after so many have failed in a row, and then lets one through to see.
 *
 * The states are cockatiel's. While that one call is on its way others are turned away, and are not kept waiting for it.
 * When it is left, the next call takes its place at once.
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

  /** Lets a call through. Throws the refusal when the breaker is open. */
  enter(): CircuitPermit {
    const { state } = this;
    let call: Call | undefined;
    const execute = (): Promise<void> =>
      new Promise((resolve, reject) => {
        call = { resolve, reject };
      });
    // The policy calls at once, or not at all; a second call to a half-open one it would keep waiting.
    const noted = state === 'half-open' ? undefined : this.#policy.execute(execute).catch(() => undefined);
    const entered = call as Call | undefined;
    if (noted === undefined || entered === undefined) {
      this.#options.onRejected?.();
      throw this.#options.refusal(this.#lastFailure);
    }
    return {
      succeeded: () => {
        entered.resolve();
        return noted;
      },
      failed: (error) => {
        this.#lastFailure = error;
        this.#options.onFailure?.();
        entered.reject(new Failed());
        return noted;
      },
      left: () => {
        entered.reject(state === 'open' ? new ProbeLeft() : undefined);
        return noted;
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
    duration: error instanceof ProbeLeft ? 0 : milliseconds,
    next: (context) => openFor(context.result, milliseconds),
  };
}
