import { CircuitBreaker, type CircuitBreakerLimits } from '@tinyllm/resilience';
import type { MetricsCollector } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';
import { CircuitOpenError } from '../errors/model-client-errors.js';

/** Whose circuit breaker it is, and where it is counted. */
export interface ModelBreakerOptions extends CircuitBreakerLimits {
  readonly provider: string;
  readonly model: string;
  readonly collector: MetricsCollector;
}

/** A circuit breaker for one model, whose state, failures and rejections are in the metrics from the start. */
export function createModelBreaker({ provider, model, collector, ...limits }: ModelBreakerOptions): CircuitBreaker {
  const { circuitBreakerFailures, circuitBreakerRejected } = instrumentsOf(collector);
  circuitBreakerFailures.series(model);
  circuitBreakerRejected.series(model);
  const breaker = new CircuitBreaker({
    ...limits,
    refusal: (lastFailure) => refusal({ provider, model }, lastFailure),
    onState: (state) => collector.updateCircuitBreakerState({ state, model }),
    onFailure: () => collector.incrementCircuitBreakerFailures({ model }),
    onRejected: () => collector.incrementCircuitBreakerRejected({ model }),
  });
  collector.updateCircuitBreakerState({ state: breaker.state, model });
  return breaker;
}

function refusal(facts: { readonly provider: string; readonly model: string }, lastFailure: unknown): CircuitOpenError {
  const last = lastFailure instanceof Error ? lastFailure.message : String(lastFailure);
  return new CircuitOpenError(
    `The model ${facts.model} is not asked for a while, since it has failed too often; the last failure: ${last}`,
    facts,
    lastFailure,
  );
}
