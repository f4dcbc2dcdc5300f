import { catalog } from 'tinyllm/catalog';
import type { HistogramVariant } from '../settings/histogram-variant.js';
import type { FilterLabels } from './additional-labels.js';
import { dashboardScope, shownTimeScope } from './dashboard-scope.js';
import { bucketRates, meanOf, quantileOf } from './histograms.js';
import { increaseOf, rateOf, type Scope, select, share, sumBy } from './promql.js';

/** The quantiles that dashboards show of durations. */
export const shownQuantiles = [0.5, 0.95, 0.99] as const;

/** The share of requests that failed, 0 to 1. */
function errorShare(scope: Scope, by: readonly string[] = []): string {
  return share(rateOf(catalog.errors, scope, by), rateOf(catalog.requests, scope, by));
}

/** The share of cache lookups that were hits, 0 to 1. */
function cacheHitShare(scope: Scope, by: readonly string[] = []): string {
  const hits = rateOf(catalog.cacheHits, scope, by);
  const misses = rateOf(catalog.cacheMisses, scope, by);
  // A cache with only hits or only misses has no series of the other kind.
  return share(hits, `((${hits} or ${misses} * 0) + (${misses} or ${hits} * 0))`);
}

/** Returns the queries of the Overview dashboard, filtered by the variables of additional labels. */
export function overviewQueries(labels: FilterLabels, histograms: HistogramVariant = 'classic') {
  const scope = dashboardScope(labels, histograms);
  return {
    requestRate: rateOf(catalog.requests, scope, ['model']),
    latencyBuckets: bucketRates(catalog.requestLatency, scope),
    latencyQuantile: (quantile: number) => quantileOf(quantile, catalog.requestLatency, scope),
    errorShare: errorShare(scope),
    inputTokenRate: rateOf(catalog.inputTokens, scope),
    outputTokenRate: rateOf(catalog.outputTokens, scope),
    breakerState: `max by (model) (${select(catalog.circuitBreakerState, scope)})`,
    activeRequests: sumBy([], select(catalog.activeRequests, scope)),
    cacheHitShare: cacheHitShare(scope),
    nodeRate: rateOf(catalog.nodeExecutions, scope, ['graph', 'node']),
    nodeMean: meanOf(catalog.nodeDuration, scope, ['graph', 'node']),
    nodeQuantile: quantileOf(0.95, catalog.nodeDuration, scope, ['graph', 'node']),
    nodeErrorShare: share(
      rateOf(catalog.nodeErrors, scope, ['graph', 'node']),
      rateOf(catalog.nodeExecutions, scope, ['graph', 'node']),
    ),
    toolRate: rateOf(catalog.toolCalls, scope, ['graph', 'tool']),
    toolMean: meanOf(catalog.toolDuration, scope, ['graph', 'tool']),
    toolQuantile: quantileOf(0.95, catalog.toolDuration, scope, ['graph', 'tool']),
    toolErrorShare: share(
      rateOf(catalog.toolErrors, scope, ['graph', 'tool']),
      rateOf(catalog.toolCalls, scope, ['graph', 'tool']),
    ),
  } as const;
}

/** Returns the queries of the Operations dashboard, filtered by the variables of additional labels. */
export function opsQueries(labels: FilterLabels, histograms: HistogramVariant = 'classic') {
  const scope = dashboardScope(labels, histograms);
  return {
    targetsUp: 'sum by (job) (up{job=~"$job"})',
    targetsDown: 'count by (job) (up{job=~"$job"} == 0) or count by (job) (up{job=~"$job"}) * 0',
    breakerTransitions: increaseOf(catalog.circuitBreakerTransitions, scope, ['model', 'to']),
    breakerFailures: rateOf(catalog.circuitBreakerFailures, scope, ['model']),
    breakerRejected: rateOf(catalog.circuitBreakerRejected, scope, ['model']),
    retries: rateOf(catalog.retries, scope, ['model', 'reason']),
    fallbacks: rateOf(catalog.fallbacks, scope, ['requested_model', 'fallback_model', 'reason']),
    rateLimitWait: quantileOf(0.95, catalog.rateLimitWait, scope, ['model']),
    queueSize: sumBy(['priority'], select(catalog.queueSize, scope)),
    queueCapacity: sumBy([], select(catalog.queueCapacity, scope)),
    queueWait: quantileOf(0.95, catalog.queueWaitTime, scope, ['priority']),
    queueRequests: rateOf(catalog.queueRequests, scope, ['priority']),
    queueRejected: rateOf(catalog.queueRejected, scope),
    activeWorkers: sumBy([], select(catalog.queueActiveWorkers, scope)),
    versions: `count by (version) (${select(catalog.systemInfo, scope)})`,
    modelsLoaded: `max by (model) (${select(catalog.modelLoaded, scope)})`,
    modelVram: `max by (model) (${select(catalog.modelVram, scope)})`,
    modelMemory: `max by (model) (${select(catalog.modelMemory, scope)})`,
    modelLoadMean: meanOf(catalog.modelLoadDuration, scope, ['model']),
    storeErrors: rateOf(catalog.storeErrors, scope, ['store', 'operation']),
    upstreamsUp: `min by (upstream) (${select(catalog.proxyUpstreamUp, scope)})`,
    upstreamActive: sumBy(['upstream'], select(catalog.proxyUpstreamActive, scope)),
    upstreamFailures: rateOf(catalog.proxyUpstreamFailures, scope, ['upstream', 'reason']),
    proxyRetries: rateOf(catalog.proxyRetries, scope, ['upstream', 'reason']),
    proxyRefused: rateOf(catalog.proxyRefused, scope, ['reason']),
    overflow: sumBy(['metric'], select(catalog.metricsOverflow, scope)),
    instrumentationErrors: rateOf(catalog.instrumentationErrors, scope, ['site']),
    proxyUninspected: rateOf(catalog.proxyUninspected, scope, ['body', 'reason']),
    foreignTimeouts: rateOf(catalog.scrapeForeignTimeouts, scope),
    scrapeQuantile: quantileOf(0.95, catalog.scrapeDuration, scope, ['instance']),
  } as const;
}

/** Returns the queries of the Development dashboard, filtered by the variables of additional labels. */
export function devQueries(labels: FilterLabels, histograms: HistogramVariant = 'classic') {
  const scope = dashboardScope(labels, histograms);
  return {
    nodeQuantile: quantileOf(0.95, catalog.nodeDuration, scope, ['node']),
    nodeRate: rateOf(catalog.nodeExecutions, scope, ['node']),
    nodeErrors: rateOf(catalog.nodeErrors, scope, ['node', 'error_type']),
    graphQuantile: quantileOf(0.95, catalog.graphDuration, scope, ['graph']),
    graphRate: rateOf(catalog.graphExecutions, scope, ['graph']),
    activeGraphs: sumBy(['graph'], select(catalog.activeGraphs, scope)),
    nodeCancelled: rateOf(catalog.nodeCancelled, scope, ['node']),
    graphCancelled: rateOf(catalog.graphCancelled, scope, ['graph']),
    graphErrors: rateOf(catalog.graphErrors, scope, ['graph', 'error_type']),
    activeNodes: sumBy(['node'], select(catalog.activeNodes, scope)),
    toolQuantile: quantileOf(0.95, catalog.toolDuration, scope, ['tool']),
    toolRate: rateOf(catalog.toolCalls, scope, ['tool']),
    toolErrors: rateOf(catalog.toolErrors, scope, ['tool', 'error_type']),
    activeTools: sumBy(['tool'], select(catalog.activeTools, scope)),
    toolCancelled: rateOf(catalog.toolCancelled, scope, ['tool']),
    errorsByType: rateOf(catalog.errors, scope, ['error_type']),
    finishReasons: rateOf(catalog.requestsFinished, scope, ['finish_reason']),
    timeToFirstToken: (quantile: number) => quantileOf(quantile, catalog.timeToFirstToken, scope),
    interTokenLatency: (quantile: number) => quantileOf(quantile, catalog.interTokenLatency, scope),
    timePerOutputToken: quantileOf(0.5, catalog.timePerOutputToken, scope, ['model']),
    inputTokenBuckets: bucketRates(catalog.requestInputTokens, scope),
    outputTokenBuckets: bucketRates(catalog.requestOutputTokens, scope),
    memoryOperations: rateOf(catalog.memoryOperations, scope, ['operation_type']),
  } as const;
}

/** Returns the queries of the Business dashboard, filtered by the variables of additional labels. */
export function businessQueries(labels: FilterLabels, histograms: HistogramVariant = 'classic') {
  const scope = dashboardScope(labels, histograms);
  const shownTime = shownTimeScope(labels, histograms);
  return {
    requests: increaseOf(catalog.requests, shownTime),
    answeredShare: `1 - (${errorShare(shownTime)})`,
    inputTokens: increaseOf(catalog.inputTokens, shownTime),
    outputTokens: increaseOf(catalog.outputTokens, shownTime),
    cachedInputShare: `${increaseOf(catalog.cachedInputTokens, shownTime)} / (${increaseOf(catalog.inputTokens, shownTime)} > 0)`,
    reasoningShare: `${increaseOf(catalog.reasoningTokens, shownTime)} / (${increaseOf(catalog.outputTokens, shownTime)} > 0)`,
    cachedInputRate: rateOf(catalog.cachedInputTokens, scope),
    cacheWriteRate: rateOf(catalog.cacheWriteTokens, scope),
    reasoningRate: rateOf(catalog.reasoningTokens, scope),
    cost: increaseOf(catalog.cost, shownTime),
    unpriced: increaseOf(catalog.unpricedRequests, shownTime),
    requestsByGraph: rateOf(catalog.requests, scope, ['graph']),
    tokensByModel: sumBy(
      ['model'],
      `${rateOf(catalog.inputTokens, scope, ['model'])} + ${rateOf(catalog.outputTokens, scope, ['model'])}`,
    ),
    costByModel: `${rateOf(catalog.cost, scope, ['model'])} * 3600`,
    costByGraph: increaseOf(catalog.cost, shownTime, ['graph']),
    tokensByGraph: increaseOf(catalog.outputTokens, shownTime, ['graph']),
  } as const;
}

/**
 * Matches the metrics that count each request, node, graph and tool call. An application can have only some of them.
 */
const startedCalls = [catalog.requests, catalog.nodeExecutions, catalog.graphExecutions, catalog.toolCalls]
  .map(({ name }) => name)
  .join('|');

/** The queries for the values of dashboard variables, in the format of Grafana's Prometheus data source. */
export const variableQueries = {
  job: `label_values(${catalog.systemInfo.name}, job)`,
  model: `label_values(${catalog.requests.name}{job=~"$job"}, model)`,
  graph: `label_values(${catalog.graphExecutions.name}{job=~"$job"}, graph)`,
  label: (label: string) => `label_values({__name__=~"${startedCalls}", job=~"$job"}, ${label})`,
} as const;
