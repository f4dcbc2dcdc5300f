import { Meter } from '../metrics/meter.js';
import { registry } from '../metrics/shared-registry.js';
import type { Timer } from '../metrics/timer.js';
import { activeTrace } from '../metrics/trace-context.js';
import { trackWork } from '../metrics/track-work.js';
import { VERSION } from '../version/version.js';
import { BreakerStates, type CircuitBreakerState } from './breaker-states.js';
import { type ModelResidency, requireNotNegative, type TokenCounts } from './figures.js';
import { createInstruments, type Instruments } from './instruments.js';
import type {
  CacheLabels,
  FallbackLabels,
  GraphLabels,
  ModelLabels,
  NodeLabels,
  PriorityLabels,
  RequestLabels,
} from './labels.js';
import { ModelLoads } from './model-loads.js';
import { recordTokens } from './record-tokens.js';

export type {
  CacheLabels,
  CircuitBreakerState,
  FallbackLabels,
  GraphLabels,
  ModelLabels,
  ModelResidency,
  NodeLabels,
  PriorityLabels,
  RequestLabels,
  TokenCounts,
};

/** The instruments of a collector, for packages that record a metric for which the collector has no method. */
export function instrumentsOf(collector: MetricsCollector): Instruments {
  return collector.instruments;
}

/**
 * Records every metric of the catalog by hand, for code that decorators do not fit.
 *
 * Every method throws `InvalidValueError`, and records nothing, when a number is negative, infinite or NaN. Each
 * `track…` method times a function, sync or async, and returns what it returns; without a function it returns a
 * `Timer` to `end()`, or to leave to `using`.
 */
export class MetricsCollector {
  /** @internal */
  readonly meter: Meter;
  /** @internal */
  readonly instruments: Instruments;
  readonly #breakerStates: BreakerStates;
  readonly #loads = new ModelLoads();

  constructor(target = registry) {
    this.meter = new Meter(target, { onOverflow: (metric) => this.#countOverflow(metric) });
    this.instruments = createInstruments(this.meter);
    this.#breakerStates = new BreakerStates(this.instruments);
    target.onForeignErrors((count) => this.instruments.instrumentationErrors.series('foreign').inc(count));
    this.meter.whenRead(() => this.instruments.systemInfo.series(VERSION, 'tinyllm').show());
  }

  #countOverflow(metric: string): void {
    const { metricsOverflow } = this.instruments;
    // Its own overflow is not counted: that would overflow again.
    if (metric !== metricsOverflow.name) metricsOverflow.series(metric).inc();
  }

  /** Counts a request; the request type, left out, is `generate`. */
  incrementRequestCount({
    model,
    graph,
    requestType,
  }: RequestLabels & { readonly requestType?: string | undefined } = {}): void {
    const { requests } = this.instruments;
    const series = requests.series(model ?? 'unknown', graph ?? 'default', requestType ?? 'generate');
    series.inc();
    requests.exemplify(series, 1, activeTrace());
  }

  /**
   * Counts the tokens of one request; a number left out is not known and not counted.
   *
   * Cached and written input tokens are part of the input tokens, reasoning tokens part of the output tokens.
   */
  recordTokens({ model = 'unknown', graph = 'default', ...counts }: RequestLabels & TokenCounts): void {
    recordTokens(this.instruments, { model, graph }, counts);
  }

  /** Times a request and holds it active meanwhile. */
  trackRequestLatency(labels?: RequestLabels): Timer;
  trackRequestLatency<Result>(labels: RequestLabels, work: () => Result): Result;
  trackRequestLatency<Result>({ model = 'unknown', graph = 'default' }: RequestLabels = {}, work?: () => Result) {
    const { activeRequests, requestLatency } = this.instruments;
    const series = requestLatency.series(model, graph);
    const trace = activeTrace();
    const observe = (seconds: number): void => {
      series.observe(seconds);
      requestLatency.exemplify(series, seconds, trace);
    };
    return trackWork({ active: activeRequests.series(model, graph), duration: { observe } }, work);
  }

  /** Counts a node execution, times it and holds it active meanwhile. */
  trackNodeExecution(labels: NodeLabels): Timer;
  trackNodeExecution<Result>(labels: NodeLabels, work: () => Result): Result;
  trackNodeExecution<Result>({ node = 'unknown', graph = 'default' }: NodeLabels, work?: () => Result) {
    const { nodeExecutions, activeNodes, nodeDuration } = this.instruments;
    nodeExecutions.series(node, graph).inc();
    return trackWork({ active: activeNodes.series(node, graph), duration: nodeDuration.series(node, graph) }, work);
  }

  /** Counts a graph execution, times it and holds it active meanwhile. */
  trackGraphExecution(labels?: GraphLabels): Timer;
  trackGraphExecution<Result>(labels: GraphLabels, work: () => Result): Result;
  trackGraphExecution<Result>({ graph = 'default' }: GraphLabels = {}, work?: () => Result) {
    const { graphExecutions, activeGraphs, graphDuration } = this.instruments;
    graphExecutions.series(graph).inc();
    return trackWork({ active: activeGraphs.series(graph), duration: graphDuration.series(graph) }, work);
  }

  /** Times the loading of a model. */
  trackModelLoad(labels?: ModelLabels): Timer;
  trackModelLoad<Result>(labels: ModelLabels, work: () => Result): Result;
  trackModelLoad<Result>({ model = 'unknown' }: ModelLabels = {}, work?: () => Result) {
    return trackWork({ duration: this.instruments.modelLoadDuration.series(model) }, work);
  }

  /** Counts a failed request by error type. */
  incrementErrorCount({ errorType, model, graph }: RequestLabels & { readonly errorType: string }): void {
    this.instruments.errors.series(errorType, model ?? 'unknown', graph ?? 'default').inc();
  }

  /** Counts a failed node execution by error type. */
  incrementNodeErrorCount({ node, graph, errorType }: NodeLabels & { readonly errorType: string }): void {
    this.instruments.nodeErrors.series(node ?? 'unknown', graph ?? 'default', errorType).inc();
  }

  /**
   * Sets the state of a model's circuit breaker, and counts the transition when it is another than before.
   *
   * @throws {InvalidValueError} when there is no such state.
   */
  updateCircuitBreakerState({ state, model = 'unknown' }: ModelLabels & { readonly state: CircuitBreakerState }): void {
    this.#breakerStates.update(model, state);
  }

  /** Counts a failure a model's circuit breaker saw. */
  incrementCircuitBreakerFailures({ model = 'unknown' }: ModelLabels = {}): void {
    this.instruments.circuitBreakerFailures.series(model).inc();
  }

  /** Counts a request an open circuit breaker turned away. */
  incrementCircuitBreakerRejected({ model = 'unknown' }: ModelLabels = {}): void {
    this.instruments.circuitBreakerRejected.series(model).inc();
  }

  /** Counts a request that is sent again, by what made it necessary. */
  incrementRetries({ model = 'unknown', reason }: ModelLabels & { readonly reason: string }): void {
    this.instruments.retries.series(model, reason).inc();
  }

  /** Counts a request that another model answered than the one asked, by what made it necessary. */
  incrementFallbacks({ requestedModel, fallbackModel, reason }: FallbackLabels): void {
    this.instruments.fallbacks.series(requestedModel, fallbackModel, reason).inc();
  }

  /** Adds what a request cost, in US dollars. */
  recordCost({ costUsd, model = 'unknown', graph = 'default' }: RequestLabels & { readonly costUsd: number }): void {
    requireNotNegative(this.instruments.cost.name, costUsd);
    this.instruments.cost.series(model, graph).inc(costUsd);
  }

  /** Counts a request whose cost is not known. */
  incrementUnpricedRequests({ model = 'unknown' }: ModelLabels = {}): void {
    this.instruments.unpricedRequests.series(model).inc();
  }

  /** Counts a look-up the cache answered; the cache type, left out, is `memory`. */
  incrementCacheHit({ cacheType = 'memory' }: CacheLabels = {}): void {
    this.instruments.cacheHits.series(cacheType).inc();
  }

  /** Counts a look-up the cache could not answer; the cache type, left out, is `memory`. */
  incrementCacheMiss({ cacheType = 'memory' }: CacheLabels = {}): void {
    this.instruments.cacheMisses.series(cacheType).inc();
  }

  /** Records how long a request waited for the rate limiter, in seconds. */
  recordRateLimitWait({ waitSeconds, model = 'unknown' }: ModelLabels & { readonly waitSeconds: number }): void {
    requireNotNegative(this.instruments.rateLimitWait.name, waitSeconds);
    this.instruments.rateLimitWait.series(model).observe(waitSeconds);
  }

  /** Counts an operation on conversation memory. */
  incrementMemoryOperation({ operationType }: { readonly operationType: string }): void {
    this.instruments.memoryOperations.series(operationType).inc();
  }

  /** Sets how many requests wait; the priority, left out, is `normal`. */
  updateQueueSize({ size, priority = 'normal' }: PriorityLabels & { readonly size: number }): void {
    requireNotNegative(this.instruments.queueSize.name, size);
    this.instruments.queueSize.series(priority).set(size);
  }

  /** Records how long a request waited in the queue, in seconds; the priority, left out, is `normal`. */
  recordQueueWaitTime({ waitSeconds, priority = 'normal' }: PriorityLabels & { readonly waitSeconds: number }): void {
    requireNotNegative(this.instruments.queueWaitTime.name, waitSeconds);
    this.instruments.queueWaitTime.series(priority).observe(waitSeconds);
  }

  /** Counts a request the queue took; the priority, left out, is `normal`. */
  incrementQueueRequest({ priority = 'normal' }: PriorityLabels = {}): void {
    this.instruments.queueRequests.series(priority).inc();
  }

  /** Counts a request turned away because the queue was full. */
  incrementQueueRejected(): void {
    this.instruments.queueRejected.series().inc();
  }

  /** Sets how many workers are busy. */
  updateActiveWorkers({ count }: { readonly count: number }): void {
    requireNotNegative(this.instruments.queueActiveWorkers.name, count);
    this.instruments.queueActiveWorkers.series().set(count);
  }

  /** @internal Counts the load of a model if the seconds that Ollama reported are those of a load. */
  recordReportedLoad(model: string, seconds: number): void {
    if (this.#loads.isLoad(model, seconds)) this.instruments.modelLoadDuration.series(model).observe(seconds);
  }

  /** Notes that all models in memory were reported, or that they could not be read: which are in memory is then unknown. */
  completeModelResidency({ succeeded = true }: { readonly succeeded?: boolean } = {}): void {
    this.#loads.polled(succeeded);
  }

  /** Sets what a provider says of a model in its memory. */
  updateModelResidency({ model, loaded, memoryBytes = 0, vramBytes = 0 }: ModelResidency): void {
    const { modelLoaded, modelMemory, modelVram } = this.instruments;
    requireNotNegative(modelMemory.name, memoryBytes);
    requireNotNegative(modelVram.name, vramBytes);
    this.#loads.update(model, loaded);
    modelLoaded.series(model).set(loaded ? 1 : 0);
    modelMemory.series(model).set(memoryBytes);
    modelVram.series(model).set(vramBytes);
  }
}
