import { Meter } from '../metrics/meter.js';
import type { Problems } from '../metrics/problems.js';
import { registry } from '../metrics/shared-registry.js';
import type { Timer } from '../metrics/timer.js';
import { activeTrace } from '../metrics/trace-context.js';
import { trackCounted, trackWork } from '../metrics/track-work.js';
import { VERSION } from '../version/version.js';
import { BreakerStates, type CircuitBreakerState } from './breaker-states.js';
import { createInstruments, type Instruments } from './instruments.js';
import type {
  CacheLabels,
  FallbackLabels,
  GraphLabels,
  ModelLabels,
  NodeLabels,
  PriorityLabels,
  RequestLabels,
  ToolLabels,
} from './labels.js';
import { ModelLoads } from './model-loads.js';
import { recordResidency } from './record-residency.js';
import { recordTokens } from './record-tokens.js';
import { type ModelResidency, requireNotNegative, type TokenCounts } from './recorded-values.js';
import { silentInstruments } from './silent-instruments.js';

/** Returns the instruments of a collector, for metrics for which the collector has no method. */
export function instrumentsOf(collector: MetricsCollector): Instruments {
  return collector.instruments;
}

/**
 * Records metrics of the catalog manually, for code where decorators aren't suitable.
 *
 * Every method throws `InvalidValueError`, and records nothing, if a number is negative, infinite or NaN.
 *
 * Each `track…` method measures a function, sync or async, and returns its result. Without a function, it returns a
 * `Timer`. Stop it with `end()`, or declare it with `using`.
 */
export class MetricsCollector {
  /** @internal */
  readonly meter: Meter;
  /** @internal */
  readonly instruments: Instruments;
  /** @internal Mistakes of the application, such as a label function that returns nothing. */
  readonly problems: Problems;
  readonly #breakerStates: BreakerStates;
  readonly #loads = new ModelLoads();

  constructor(target = registry) {
    this.meter = new Meter(target, { onOverflow: (metric) => this.#countOverflow(metric) });
    this.problems = target.problems;
    this.instruments = createInstruments(this.meter);
    this.#breakerStates = new BreakerStates(this.instruments);
    target.onForeignErrors((count) => this.instruments.instrumentationErrors.series('foreign').inc(count));
    this.meter.onFirstRead(() => this.instruments.systemInfo.series(VERSION, 'tinyllm').show());
  }

  /** The instruments of the methods, except for states. They record nothing while the metrics are disabled. */
  get #recorded(): Instruments {
    return this.meter.isEnabled ? this.instruments : silentInstruments();
  }

  #countOverflow(metric: string): void {
    const { metricsOverflow } = this.instruments;
    // An overflow of this metric itself is not counted, because counting it would cause another overflow.
    if (metric !== metricsOverflow.name) metricsOverflow.series(metric).inc();
  }

  /** Counts a request. The default request type is `generate`. */
  incrementRequestCount(labels: RequestLabels & { readonly requestType?: string | undefined } = {}): void {
    const { model = 'unknown', graph = 'default', requestType = 'generate' } = labels;
    const { requests } = this.#recorded;
    const series = requests.series(model, graph, requestType);
    series.inc();
    requests.exemplify(series, 1, activeTrace());
  }

  /** Counts the tokens of one request. Omit unknown counts. `TokenCounts` describes which counts include others. */
  recordTokens({ model = 'unknown', graph = 'default', ...counts }: RequestLabels & TokenCounts): void {
    recordTokens(this.#recorded, { model, graph }, counts);
  }

  /** Measures the latency of a request and marks it as active meanwhile. */
  trackRequestLatency(labels?: RequestLabels): Timer;
  trackRequestLatency<Result>(labels: RequestLabels, work: () => Result): Result;
  trackRequestLatency<Result>({ model = 'unknown', graph = 'default' }: RequestLabels = {}, work?: () => Result) {
    const { activeRequests, requestLatency } = this.#recorded;
    const series = requestLatency.series(model, graph);
    const trace = activeTrace();
    const observe = (seconds: number): void => {
      series.observe(seconds);
      requestLatency.exemplify(series, seconds, trace);
    };
    return trackWork({ active: activeRequests.series(model, graph), duration: { observe } }, work);
  }

  /** Counts and measures a node execution and marks it as active meanwhile. */
  trackNodeExecution(labels: NodeLabels): Timer;
  trackNodeExecution<Result>(labels: NodeLabels, work: () => Result): Result;
  trackNodeExecution<Result>({ node = 'unknown', graph = 'default' }: NodeLabels, work?: () => Result) {
    const { nodeExecutions: calls, activeNodes: active, nodeDuration: duration } = this.#recorded;
    return trackCounted({ calls, active, duration }, [node, graph], work);
  }

  /** Counts and measures a graph execution and marks it as active meanwhile. */
  trackGraphExecution(labels?: GraphLabels): Timer;
  trackGraphExecution<Result>(labels: GraphLabels, work: () => Result): Result;
  trackGraphExecution<Result>({ graph = 'default' }: GraphLabels = {}, work?: () => Result) {
    const { graphExecutions: calls, activeGraphs: active, graphDuration: duration } = this.#recorded;
    return trackCounted({ calls, active, duration }, [graph], work);
  }

  /** Counts and measures a tool call and marks it as active meanwhile. */
  trackToolCall(labels: ToolLabels): Timer;
  trackToolCall<Result>(labels: ToolLabels, work: () => Result): Result;
  trackToolCall<Result>({ tool = 'unknown', graph = 'default' }: ToolLabels, work?: () => Result) {
    const { toolCalls: calls, activeTools: active, toolDuration: duration } = this.#recorded;
    return trackCounted({ calls, active, duration }, [tool, graph], work);
  }

  /** Measures the loading of a model. */
  trackModelLoad(labels?: ModelLabels): Timer;
  trackModelLoad<Result>(labels: ModelLabels, work: () => Result): Result;
  trackModelLoad<Result>({ model = 'unknown' }: ModelLabels = {}, work?: () => Result) {
    return trackWork({ duration: this.#recorded.modelLoadDuration.series(model) }, work);
  }

  /** Counts a failed request by error type. */
  incrementErrorCount({ errorType, model, graph }: RequestLabels & { readonly errorType: string }): void {
    this.#recorded.errors.series(errorType, model ?? 'unknown', graph ?? 'default').inc();
  }

  /** Counts a failed node execution by error type. */
  incrementNodeErrorCount({ node, graph, errorType }: NodeLabels & { readonly errorType: string }): void {
    this.#recorded.nodeErrors.series(node ?? 'unknown', graph ?? 'default', errorType).inc();
  }

  /** Counts a failed tool call by error type. */
  incrementToolErrorCount({ tool, graph, errorType }: ToolLabels & { readonly errorType: string }): void {
    this.#recorded.toolErrors.series(tool ?? 'unknown', graph ?? 'default', errorType).inc();
  }

  /** Sets the state of a model's circuit breaker, and counts a change. Throws an `InvalidValueError` if it is unknown. */
  updateCircuitBreakerState({ state, model = 'unknown' }: ModelLabels & { readonly state: CircuitBreakerState }): void {
    this.#breakerStates.update(model, state, this.meter.isEnabled);
  }

  /** Counts a failure in a model's circuit breaker. */
  incrementCircuitBreakerFailures({ model = 'unknown' }: ModelLabels = {}): void {
    this.#recorded.circuitBreakerFailures.series(model).inc();
  }

  /** Counts a request that an open or half-open circuit breaker rejected. */
  incrementCircuitBreakerRejected({ model = 'unknown' }: ModelLabels = {}): void {
    this.#recorded.circuitBreakerRejected.series(model).inc();
  }

  /** Counts a retry of a request, by reason. */
  incrementRetries({ model = 'unknown', reason }: ModelLabels & { readonly reason: string }): void {
    this.#recorded.retries.series(model, reason).inc();
  }

  /** Counts a request that a fallback model answered instead of the requested model, by reason. */
  incrementFallbacks({ requestedModel, fallbackModel, reason }: FallbackLabels): void {
    this.#recorded.fallbacks.series(requestedModel, fallbackModel, reason).inc();
  }

  /** Adds the cost of a request, in US dollars. */
  recordCost({ costUsd, model = 'unknown', graph = 'default' }: RequestLabels & { readonly costUsd: number }): void {
    requireNotNegative(this.#recorded.cost.name, costUsd);
    this.#recorded.cost.series(model, graph).inc(costUsd);
  }

  /** Counts a request with unknown cost. */
  incrementUnpricedRequests({ model = 'unknown' }: ModelLabels = {}): void {
    this.#recorded.unpricedRequests.series(model).inc();
  }

  /** Counts a cache lookup with a result. The default cache type is `memory`. */
  incrementCacheHit({ cacheType = 'memory' }: CacheLabels = {}): void {
    this.#recorded.cacheHits.series(cacheType).inc();
  }

  /** Counts a cache lookup without a result. The default cache type is `memory`. */
  incrementCacheMiss({ cacheType = 'memory' }: CacheLabels = {}): void {
    this.#recorded.cacheMisses.series(cacheType).inc();
  }

  /** Records how long a request waited for the rate limiter, in seconds. */
  recordRateLimitWait({ waitSeconds, model = 'unknown' }: ModelLabels & { readonly waitSeconds: number }): void {
    requireNotNegative(this.#recorded.rateLimitWait.name, waitSeconds);
    this.#recorded.rateLimitWait.series(model).observe(waitSeconds);
  }

  /** Counts an operation on conversation memory. */
  incrementMemoryOperation({ operationType }: { readonly operationType: string }): void {
    this.#recorded.memoryOperations.series(operationType).inc();
  }

  /** Sets the number of waiting requests. The default priority is `normal`. */
  updateQueueSize({ size, priority = 'normal' }: PriorityLabels & { readonly size: number }): void {
    requireNotNegative(this.instruments.queueSize.name, size);
    this.instruments.queueSize.series(priority).set(size);
  }

  /** Records how long a request waited in the queue, in seconds. The default priority is `normal`. */
  recordQueueWaitTime({ waitSeconds, priority = 'normal' }: PriorityLabels & { readonly waitSeconds: number }): void {
    requireNotNegative(this.#recorded.queueWaitTime.name, waitSeconds);
    this.#recorded.queueWaitTime.series(priority).observe(waitSeconds);
  }

  /** Counts a request that the queue accepted. The default priority is `normal`. */
  incrementQueueRequest({ priority = 'normal' }: PriorityLabels = {}): void {
    this.#recorded.queueRequests.series(priority).inc();
  }

  /** Counts a request that was rejected because the queue was full. */
  incrementQueueRejected(): void {
    this.#recorded.queueRejected.series().inc();
  }

  /** Sets the number of busy workers. */
  updateActiveWorkers({ count }: { readonly count: number }): void {
    requireNotNegative(this.instruments.queueActiveWorkers.name, count);
    this.instruments.queueActiveWorkers.series().set(count);
  }

  /** @internal Records a load duration that Ollama reported, unless the model was probably already in memory. */
  recordReportedLoad(model: string, seconds: number): void {
    if (this.#loads.detectLoad(model, seconds)) this.instruments.modelLoadDuration.series(model).observe(seconds);
  }

  /**
   * Ends a poll of a provider. Before this call, report each model that is in memory, or has left the memory, with
   * `updateModelResidency`. If the poll failed, pass `succeeded: false`.
   */
  completeModelResidency({ succeeded = true }: { readonly succeeded?: boolean } = {}): void {
    this.#loads.polled(succeeded);
  }

  /** Sets whether a model is in memory, and its size there. */
  updateModelResidency(residency: ModelResidency): void {
    recordResidency(this.instruments, residency);
    this.#loads.update(residency.model, residency.loaded);
  }
}
