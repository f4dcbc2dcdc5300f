import { catalog } from 'tinyllm/catalog';
import { increaseOf, meanOf, quantileOf, rateOf, type Scope, select, share, sumBy } from './promql.js';

/** The quantiles that dashboards show of durations. */
export const shownQuantiles = [0.5, 0.95, 0.99] as const;

/** The series that the variables of a dashboard select. */
const dashboardScope: Scope = {
  matchers: { job: '=~"$job"', model: '=~"$model"', graph: '=~"$graph"' },
  window: '$__rate_interval',
};

/** The same series, over the whole time range of the dashboard. */
const shownTimeScope: Scope = { ...dashboardScope, window: '$__range' };

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

/** The queries of the Overview dashboard. */
export const overviewQueries = {
  requestRate: rateOf(catalog.requests, dashboardScope, ['model']),
  latencyBuckets: rateOf(catalog.requestLatency, dashboardScope, ['le'], '_bucket'),
  latencyQuantile: (quantile: number) => quantileOf(quantile, catalog.requestLatency, dashboardScope),
  errorShare: errorShare(dashboardScope),
  inputTokenRate: rateOf(catalog.inputTokens, dashboardScope),
  outputTokenRate: rateOf(catalog.outputTokens, dashboardScope),
  breakerState: `max by (model) (${select(catalog.circuitBreakerState, dashboardScope)})`,
  activeRequests: sumBy([], select(catalog.activeRequests, dashboardScope)),
  cacheHitShare: cacheHitShare(dashboardScope),
  nodeRate: rateOf(catalog.nodeExecutions, dashboardScope, ['graph', 'node']),
  nodeMean: meanOf(catalog.nodeDuration, dashboardScope, ['graph', 'node']),
  nodeQuantile: quantileOf(0.95, catalog.nodeDuration, dashboardScope, ['graph', 'node']),
  nodeErrorShare: share(
    rateOf(catalog.nodeErrors, dashboardScope, ['graph', 'node']),
    rateOf(catalog.nodeExecutions, dashboardScope, ['graph', 'node']),
  ),
} as const;

/** The queries of the Operations dashboard. */
export const opsQueries = {
  targetsUp: 'sum by (job) (up{job=~"$job"})',
  targetsDown: 'count by (job) (up{job=~"$job"} == 0) or count by (job) (up{job=~"$job"}) * 0',
  breakerTransitions: increaseOf(catalog.circuitBreakerTransitions, dashboardScope, ['model', 'to']),
  breakerFailures: rateOf(catalog.circuitBreakerFailures, dashboardScope, ['model']),
  breakerRejected: rateOf(catalog.circuitBreakerRejected, dashboardScope, ['model']),
  retries: rateOf(catalog.retries, dashboardScope, ['model', 'reason']),
  fallbacks: rateOf(catalog.fallbacks, dashboardScope, ['requested_model', 'fallback_model', 'reason']),
  rateLimitWait: quantileOf(0.95, catalog.rateLimitWait, dashboardScope, ['model']),
  queueSize: sumBy(['priority'], select(catalog.queueSize, dashboardScope)),
  queueCapacity: sumBy([], select(catalog.queueCapacity, dashboardScope)),
  queueWait: quantileOf(0.95, catalog.queueWaitTime, dashboardScope, ['priority']),
  queueRequests: rateOf(catalog.queueRequests, dashboardScope, ['priority']),
  queueRejected: rateOf(catalog.queueRejected, dashboardScope),
  activeWorkers: sumBy([], select(catalog.queueActiveWorkers, dashboardScope)),
  versions: `count by (version) (${select(catalog.systemInfo, dashboardScope)})`,
  modelsLoaded: `max by (model) (${select(catalog.modelLoaded, dashboardScope)})`,
  modelVram: `max by (model) (${select(catalog.modelVram, dashboardScope)})`,
  modelMemory: `max by (model) (${select(catalog.modelMemory, dashboardScope)})`,
  modelLoadMean: meanOf(catalog.modelLoadDuration, dashboardScope, ['model']),
  storeErrors: rateOf(catalog.storeErrors, dashboardScope, ['store', 'operation']),
  upstreamsUp: `min by (upstream) (${select(catalog.proxyUpstreamUp, dashboardScope)})`,
  upstreamActive: sumBy(['upstream'], select(catalog.proxyUpstreamActive, dashboardScope)),
  upstreamFailures: rateOf(catalog.proxyUpstreamFailures, dashboardScope, ['upstream', 'reason']),
  proxyRetries: rateOf(catalog.proxyRetries, dashboardScope, ['upstream', 'reason']),
  proxyRefused: rateOf(catalog.proxyRefused, dashboardScope, ['reason']),
  overflow: sumBy(['metric'], select(catalog.metricsOverflow, dashboardScope)),
  instrumentationErrors: rateOf(catalog.instrumentationErrors, dashboardScope, ['site']),
  proxyUninspected: rateOf(catalog.proxyUninspected, dashboardScope, ['body', 'reason']),
  foreignTimeouts: rateOf(catalog.scrapeForeignTimeouts, dashboardScope),
  scrapeQuantile: quantileOf(0.95, catalog.scrapeDuration, dashboardScope, ['instance']),
} as const;

/** The queries of the Development dashboard. */
export const devQueries = {
  nodeQuantile: quantileOf(0.95, catalog.nodeDuration, dashboardScope, ['node']),
  nodeRate: rateOf(catalog.nodeExecutions, dashboardScope, ['node']),
  nodeErrors: rateOf(catalog.nodeErrors, dashboardScope, ['node', 'error_type']),
  graphQuantile: quantileOf(0.95, catalog.graphDuration, dashboardScope, ['graph']),
  graphRate: rateOf(catalog.graphExecutions, dashboardScope, ['graph']),
  activeGraphs: sumBy(['graph'], select(catalog.activeGraphs, dashboardScope)),
  nodeCancelled: rateOf(catalog.nodeCancelled, dashboardScope, ['node']),
  graphCancelled: rateOf(catalog.graphCancelled, dashboardScope, ['graph']),
  graphErrors: rateOf(catalog.graphErrors, dashboardScope, ['graph', 'error_type']),
  activeNodes: sumBy(['node'], select(catalog.activeNodes, dashboardScope)),
  errorsByType: rateOf(catalog.errors, dashboardScope, ['error_type']),
  finishReasons: rateOf(catalog.requestsFinished, dashboardScope, ['finish_reason']),
  timeToFirstToken: (quantile: number) => quantileOf(quantile, catalog.timeToFirstToken, dashboardScope),
  interTokenLatency: (quantile: number) => quantileOf(quantile, catalog.interTokenLatency, dashboardScope),
  timePerOutputToken: quantileOf(0.5, catalog.timePerOutputToken, dashboardScope, ['model']),
  inputTokenBuckets: rateOf(catalog.requestInputTokens, dashboardScope, ['le'], '_bucket'),
  outputTokenBuckets: rateOf(catalog.requestOutputTokens, dashboardScope, ['le'], '_bucket'),
  memoryOperations: rateOf(catalog.memoryOperations, dashboardScope, ['operation_type']),
} as const;

/** The queries of the Business dashboard. */
export const businessQueries = {
  requests: increaseOf(catalog.requests, shownTimeScope),
  answeredShare: `1 - (${errorShare(shownTimeScope)})`,
  inputTokens: increaseOf(catalog.inputTokens, shownTimeScope),
  outputTokens: increaseOf(catalog.outputTokens, shownTimeScope),
  cachedInputShare: `${increaseOf(catalog.cachedInputTokens, shownTimeScope)} / (${increaseOf(catalog.inputTokens, shownTimeScope)} > 0)`,
  reasoningShare: `${increaseOf(catalog.reasoningTokens, shownTimeScope)} / (${increaseOf(catalog.outputTokens, shownTimeScope)} > 0)`,
  cachedInputRate: rateOf(catalog.cachedInputTokens, dashboardScope),
  cacheWriteRate: rateOf(catalog.cacheWriteTokens, dashboardScope),
  reasoningRate: rateOf(catalog.reasoningTokens, dashboardScope),
  cost: increaseOf(catalog.cost, shownTimeScope),
  unpriced: increaseOf(catalog.unpricedRequests, shownTimeScope),
  requestsByGraph: rateOf(catalog.requests, dashboardScope, ['graph']),
  tokensByModel: sumBy(
    ['model'],
    `${rateOf(catalog.inputTokens, dashboardScope, ['model'])} + ${rateOf(catalog.outputTokens, dashboardScope, ['model'])}`,
  ),
  costByModel: `${rateOf(catalog.cost, dashboardScope, ['model'])} * 3600`,
  costByGraph: increaseOf(catalog.cost, shownTimeScope, ['graph']),
  tokensByGraph: increaseOf(catalog.outputTokens, shownTimeScope, ['graph']),
} as const;

/** The queries for the values of dashboard variables, in the format of Grafana's Prometheus data source. */
export const variableQueries = {
  job: `label_values(${catalog.systemInfo.name}, job)`,
  model: `label_values(${catalog.requests.name}{job=~"$job"}, model)`,
  graph: `label_values(${catalog.graphExecutions.name}{job=~"$job"}, graph)`,
} as const;
