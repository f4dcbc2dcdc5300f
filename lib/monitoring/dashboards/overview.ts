import { overviewQueries as queries } from '../queries/queries.js';
import type { DashboardPlan } from './panel-plan.js';
import { latencyPercentiles, tokenThroughput } from './shared-panels.js';

/** The eight panels that everybody needs first; latency has two, for its spread and its percentiles. */
export const overview: DashboardPlan = {
  name: 'overview',
  title: 'Overview',
  description: 'Requests, latency, errors, tokens, breakers, load, cache and nodes at a glance.',
  panels: [
    {
      title: 'Request rate',
      description: 'Requests to models that started, per second, by model.',
      kind: 'lines',
      unit: 'reqps',
      queries: [{ expression: queries.requestRate, legend: '{{model}}' }],
      alert: 'TinyLLMNoTraffic',
    },
    tokenThroughput(queries),
    {
      title: 'Latency',
      description: 'How many requests took how long, from their start to the whole answer.',
      kind: 'heatmap',
      unit: 's',
      queries: [{ expression: queries.latencyBuckets, legend: '{{le}}' }],
      alert: 'TinyLLMLatencyBudgetBurnFast',
    },
    latencyPercentiles(queries.latencyQuantile),
    {
      title: 'Errors',
      description: 'The share of requests that failed; cancelled ones are no errors.',
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
      description: 'Requests to models in flight now.',
      kind: 'gauge',
      unit: 'short',
      width: 6,
      queries: [{ expression: queries.activeRequests, legend: 'active' }],
    },
    {
      title: 'Cache hit rate',
      description: 'The share of look-ups that the caches answered.',
      kind: 'gauge',
      unit: 'percentunit',
      width: 6,
      max: 1,
      thresholds: [
        { from: 0.2, colour: 'orange' },
        { from: 0.5, colour: 'green' },
      ],
      whenEmpty: 'no look-ups',
      queries: [{ expression: queries.cacheHitShare, legend: 'hits' }],
      alert: 'TinyLLMCacheHitRateLow',
    },
    {
      title: 'Circuit breakers',
      description: "The state of each model's circuit breaker over time.",
      kind: 'states',
      width: 6,
      whenEmpty: 'no breakers',
      queries: [{ expression: queries.breakerState, legend: '{{model}}' }],
      alert: 'TinyLLMCircuitBreakerOpen',
    },
    {
      title: 'Node performance',
      description: 'How often each node ran, how long it took, and how often it failed.',
      kind: 'table',
      width: 24,
      queries: [
        { expression: queries.nodeRate, legend: 'Executions', unit: 'ops' },
        { expression: queries.nodeMean, legend: 'Mean', unit: 's' },
        { expression: queries.nodeQuantile, legend: 'p95', unit: 's' },
        { expression: queries.nodeErrorShare, legend: 'Errors', unit: 'percentunit' },
      ],
    },
  ],
};
