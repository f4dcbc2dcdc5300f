import { CircuitBreaker, type CircuitBreakerLimits } from '@tinyllm/resilience';
import type { CircuitBreakerState, MetricsCollector } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';
import { CircuitOpenError } from '../errors/model-client-errors.js';

/** Whose circuit breaker it is, and where it is counted. */
export interface ModelBreakerOptions extends CircuitBreakerLimits {
  readonly provider: string;
  readonly model: string;
  readonly collector: MetricsCollector;
}

/** A circuit breaker for one model, whose state, failures and rejections are in the metrics from the start. */
export interface ModelBreaker {
  readonly breaker: CircuitBreaker;
  /** Takes its state out of the metric, as far as other breakers have the same label. */
  release(): void;
}

/** From the best to the worst. */
const states: readonly CircuitBreakerState[] = ['closed', 'half-open', 'open'];

/** The states of all breakers that share a series of the metric, because their models have the same name. */
const shared = new WeakMap<MetricsCollector, Map<string, Map<symbol, CircuitBreakerState>>>();

/** Creates a circuit breaker. The metric shows the worst state of all breakers whose models have the same name. */
export function createModelBreaker({ provider, model, collector, ...limits }: ModelBreakerOptions): ModelBreaker {
  const { circuitBreakerFailures, circuitBreakerRejected } = instrumentsOf(collector);
  circuitBreakerFailures.series(model);
  circuitBreakerRejected.series(model);
  const id = Symbol(model);
  const known = statesOf(collector, model);
  let isReleased = false;
  const onState = (state: CircuitBreakerState): void => {
    // A call that ends after the release may still change the state.
    if (isReleased) return;
    known.set(id, state);
    report(collector, model, known);
  };
  const breaker = new CircuitBreaker({
    ...limits,
    refusal: (lastFailure) => refusal({ provider, model }, lastFailure),
    onState,
    onFailure: () => collector.incrementCircuitBreakerFailures({ model }),
    onRejected: () => collector.incrementCircuitBreakerRejected({ model }),
  });
  onState(breaker.state);
  return {
    breaker,
    release: () => {
      isReleased = true;
      known.delete(id);
      if (known.size > 0) report(collector, model, known);
    },
  };
}

function statesOf(collector: MetricsCollector, model: string): Map<symbol, CircuitBreakerState> {
  const models = shared.get(collector) ?? new Map<string, Map<symbol, CircuitBreakerState>>();
  shared.set(collector, models);
  const known = models.get(model) ?? new Map<symbol, CircuitBreakerState>();
  models.set(model, known);
  return known;
}

function report(collector: MetricsCollector, model: string, known: ReadonlyMap<symbol, CircuitBreakerState>): void {
  const worst = Math.max(...[...known.values()].map((state) => states.indexOf(state)));
  collector.updateCircuitBreakerState({ state: states[worst] ?? 'closed', model });
}

function refusal(facts: { readonly provider: string; readonly model: string }, lastFailure: unknown): CircuitOpenError {
  const last = lastFailure instanceof Error ? lastFailure.message : String(lastFailure);
  return new CircuitOpenError(
    `The model ${facts.model} is not asked for a while, since it has failed too often; the last failure: ${last}`,
    facts,
    lastFailure,
  );
}
