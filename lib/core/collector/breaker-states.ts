import { InvalidValueError } from '../errors/errors.js';
import type { Instruments } from './instruments.js';

/** A state of a circuit breaker. */
export type CircuitBreakerState = 'closed' | 'half-open' | 'open';

/** The gauge's value for each state. */
const BREAKER_STATES: Readonly<Record<CircuitBreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** The state of each model's circuit breaker, and the transitions between states. */
export class BreakerStates {
  readonly #instruments: Pick<Instruments, 'circuitBreakerState' | 'circuitBreakerTransitions'>;
  /**
   * States other than `closed`. The gauge can't provide them: it may be excluded, or several models may share a series.
   */
  readonly #states = new Map<string, CircuitBreakerState>();

  constructor(instruments: Pick<Instruments, 'circuitBreakerState' | 'circuitBreakerTransitions'>) {
    this.#instruments = instruments;
  }

  /**
   * Sets a state. If the state changed and `isCounted` is not false, counts a transition. Throws an
   * `InvalidValueError`.
   */
  update(model: string, state: CircuitBreakerState, isCounted = true): void {
    const { circuitBreakerState, circuitBreakerTransitions } = this.#instruments;
    if (!Object.hasOwn(BREAKER_STATES, state)) {
      throw new InvalidValueError(circuitBreakerState.name, state, 'closed, half-open or open');
    }
    const previous = this.#states.get(model) ?? 'closed';
    if (state === 'closed') this.#states.delete(model);
    else this.#states.set(model, state);
    if (previous !== state && isCounted) circuitBreakerTransitions.series(model, previous, state).inc();
    circuitBreakerState.series(model).set(BREAKER_STATES[state]);
  }
}
