import type { FilterLabels } from '../queries/additional-labels.js';
import { overviewQueries } from '../queries/queries.js';
import type { HistogramVariant } from '../settings/histogram-variant.js';
import type { DashboardPlan } from './panel-plan.js';
import { latencyPercentiles, requestBuckets, tokenThroughput } from './shared-panels.js';

/** The Overview dashboard: the most important metrics. Latency has two panels, a heatmap and percentiles. */
export function overview(labels: FilterLabels, histograms: HistogramVariant = 'classic'): DashboardPlan {
  const queries = overviewQueries(labels, histograms);
  return {
    name: 'overview',
    title: 'Overview',
    description: 'Requests, latency, errors, tokens, circuit breakers, load, cache, nodes and tools at a glance.',
    panels: [
      {
        title: 'Request rate',
        description: 'Started model requests per second, by model.',
        kind: 'lines',
        unit: 'reqps',
        queries: [{ expression: queries.requestRate, legend: '{{model}}' }],
        alert: 'TinyLLMNoTraffic',
      },
      tokenThroughput(queries),
      {
        title: 'Latency',
        description: 'Distribution of request durations, from the start to the complete answer.',
        kind: 'heatmap',
        unit: 's',
        queries: [requestBuckets(queries.latencyBuckets, histograms)],
        alert: 'TinyLLMLatencyBudgetBurnFast',
      },
      latencyPercentiles(queries.latencyQuantile),
      {
        title: 'Error rate',
        description: 'Share of requests that failed. Cancelled requests are not counted as errors.',
        kind: 'gauge',
        unit: 'percentunit',
        width: 6,
        max: 1,
        thresholds: [
          { from: 0.01, colour: 'orange' },
          { from: 0.05, colour: 'red' },
        ],
        queries: [{ expression: queries.errorShare, legend: 'errors' }],
        alert: 'TinyLLMErrorBudgetBurnFast',
      },
      {
        title: 'Active requests',
        description: 'Current model requests.',
        kind: 'gauge',
        unit: 'short',
        width: 6,
        queries: [{ expression: queries.activeRequests, legend: 'active' }],
      },
      {
        title: 'Cache hit rate',
        description: 'Share of cache lookups that were hits.',
        kind: 'gauge',
        unit: 'percentunit',
        width: 6,
        max: 1,
        thresholds: [
          { from: 0.2, colour: 'orange' },
          { from: 0.5, colour: 'green' },
        ],
        whenEmpty: 'no lookups',
        queries: [{ expression: queries.cacheHitShare, legend: 'hits' }],
        alert: 'TinyLLMCacheHitRateLow',
      },
      {
        title: 'Circuit breakers',
        description: 'The state of the circuit breaker over time, by model.',
        kind: 'states',
        width: 6,
        whenEmpty: 'no breakers',
        queries: [{ expression: queries.breakerState, legend: '{{model}}' }],
        alert: 'TinyLLMCircuitBreakerOpen',
      },
      {
        title: 'Node performance',
        description: 'Executions per second, duration and error rate, by node.',
        kind: 'table',
        width: 24,
        queries: [
          { expression: queries.nodeRate, legend: 'Executions', unit: 'ops' },
          { expression: queries.nodeMean, legend: 'Mean', unit: 's' },
          { expression: queries.nodeQuantile, legend: 'p95', unit: 's' },
          { expression: queries.nodeErrorShare, legend: 'Errors', unit: 'percentunit' },
        ],
      },
      {
        title: 'Tool performance',
        description: 'Calls per second, duration and error rate, by tool.',
        kind: 'table',
        width: 24,
        whenEmpty: 'no tools',
        queries: [
          { expression: queries.toolRate, legend: 'Calls', unit: 'ops' },
          { expression: queries.toolMean, legend: 'Mean', unit: 's' },
          { expression: queries.toolQuantile, legend: 'p95', unit: 's' },
          { expression: queries.toolErrorShare, legend: 'Errors', unit: 'percentunit' },
        ],
      },
    ],
  };
}
