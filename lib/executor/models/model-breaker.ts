import { CircuitBreaker, type CircuitBreakerLimits } from '@tinyllm/resilience';
import type { CircuitBreakerState, MetricsCollector } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';
import { CircuitOpenError } from '../errors/model-client-errors.js';

/** Options of {@link createModelBreaker}. */
export interface ModelBreakerOptions extends CircuitBreakerLimits {
  readonly provider: string;
  readonly model: string;
  readonly collector: MetricsCollector;
}

/** The circuit breaker of one model. Its state, failures and rejections are exported from the start. */
export interface ModelBreaker {
  readonly breaker: CircuitBreaker;
  /**
   * Excludes this circuit breaker from the shared state metric. If no other circuit breaker has the same `model` label,
   * the metric keeps its last value.
   */
  release(): void;
}

/** The states in the order of their severity. */
const states: readonly CircuitBreakerState[] = ['closed', 'half-open', 'open'];

/** The states of all circuit breakers that share a series, because their models have the same name. */
const shared = new WeakMap<MetricsCollector, Map<string, Map<symbol, CircuitBreakerState>>>();

/**
 * Creates a circuit breaker. The metric shows the worst state of all circuit breakers whose models have the same name.
 */
export function createModelBreaker({ provider, model, collector, ...limits }: ModelBreakerOptions): ModelBreaker {
  const { circuitBreakerFailures, circuitBreakerRejected } = instrumentsOf(collector);
  circuitBreakerFailures.series(model);
  circuitBreakerRejected.series(model);
  const id = Symbol(model);
  const sharedStates = statesOf(collector, model);
  let isReleased = false;
  const onState = (state: CircuitBreakerState): void => {
    // A call that ends after the release may still change the state.
    if (isReleased) return;
    sharedStates.set(id, state);
    report(collector, model, sharedStates);
  };
  const breaker = new CircuitBreaker({
    ...limits,
    refusal: (lastFailure) => circuitOpenError({ provider, model }, lastFailure),
    onState,
    onFailure: () => collector.incrementCircuitBreakerFailures({ model }),
    onRejected: () => collector.incrementCircuitBreakerRejected({ model }),
  });
  onState(breaker.state);
  return {
    breaker,
    release: () => {
      isReleased = true;
      sharedStates.delete(id);
      if (sharedStates.size > 0) report(collector, model, sharedStates);
    },
  };
}

function statesOf(collector: MetricsCollector, model: string): Map<symbol, CircuitBreakerState> {
  const models = shared.get(collector) ?? new Map<string, Map<symbol, CircuitBreakerState>>();
  shared.set(collector, models);
  const sharedStates = models.get(model) ?? new Map<symbol, CircuitBreakerState>();
  models.set(model, sharedStates);
  return sharedStates;
}

function report(
  collector: MetricsCollector,
  model: string,
  sharedStates: ReadonlyMap<symbol, CircuitBreakerState>,
): void {
  const worst = Math.max(...[...sharedStates.values()].map((state) => states.indexOf(state)));
  collector.updateCircuitBreakerState({ state: states[worst] ?? 'closed', model });
}

function circuitOpenError(
  facts: { readonly provider: string; readonly model: string },
  lastFailure: unknown,
): CircuitOpenError {
  const last = lastFailure instanceof Error ? lastFailure.message : String(lastFailure);
  return new CircuitOpenError(
    `The circuit breaker of the model ${facts.model} is open after too many failures, so no requests are sent for a while; the last failure: ${last}`,
    facts,
    lastFailure,
  );
}
