import { fleetQueries } from '../queries/fleet-queries.js';
import type { ObjectiveWindow } from '../queries/recorded.js';
import type { HistogramVariant } from '../settings/histogram-variant.js';
import type { DashboardPlan } from './panel-plan.js';
import { latencyPercentiles, tokenThroughput } from './shared-panels.js';

const longWindows: readonly ObjectiveWindow[] = ['1h', '6h', '1d', '3d'];

/** The Fleet dashboard: all instances together. It works with a global Prometheus that has only recorded series. */
export function fleet(labels: readonly string[], histograms: HistogramVariant = 'classic'): DashboardPlan {
  const queries = fleetQueries(labels, histograms);
  return {
    name: 'fleet',
    title: 'Fleet',
    description:
      'All instances together, from recorded series. Works with a federating Prometheus, and with any Prometheus that runs the recording rules.',
    recordedOnly: true,
    panels: [
      {
        title: 'Instances up',
        description: 'Number of TinyLLM instances that Prometheus can scrape.',
        kind: 'stat',
        width: 6,
        whenEmpty: 'no targets',
        queries: [{ expression: queries.instancesUp, legend: 'instances' }],
        alert: 'TinyLLMTargetDown',
      },
      {
        title: 'Leaves up',
        description: 'Number of leaves or agents that this Prometheus can scrape.',
        kind: 'stat',
        width: 6,
        whenEmpty: 'no leaves',
        queries: [{ expression: queries.leavesUp, legend: 'leaves' }],
        alert: 'TinyLLMTargetDown',
      },
      {
        title: 'Circuit breakers',
        description: 'The worst state of the circuit breakers over time, by model.',
        kind: 'states',
        whenEmpty: 'no breakers',
        queries: [{ expression: queries.breakerState, legend: '{{model}}' }],
        alert: 'TinyLLMCircuitBreakerOpen',
      },
      {
        title: 'Request rate',
        description: 'Started model requests per second, by job.',
        kind: 'lines',
        unit: 'reqps',
        queries: [{ expression: queries.requestRate, legend: '{{job}}' }],
        alert: 'TinyLLMNoTraffic',
      },
      {
        title: 'Request rate by leaf',
        description: 'Started model requests per second, by the leaf that scraped the instances.',
        kind: 'area',
        unit: 'reqps',
        queries: [{ expression: queries.requestRateByLeaf, legend: '{{leaf}}' }],
      },
      latencyPercentiles(queries.latencyQuantile),
      tokenThroughput(queries),
      {
        title: 'Error rate',
        description: 'Share of requests that failed, in each long time window of the alerts.',
        kind: 'lines',
        unit: 'percentunit',
        queries: longWindows.map((window) => ({ expression: queries.errorShare(window), legend: window })),
        alert: 'TinyLLMErrorBudgetBurnFast',
      },
      {
        title: 'Slow requests',
        description: 'Share of requests that took longer than the objective, in each long time window of the alerts.',
        kind: 'lines',
        unit: 'percentunit',
        queries: longWindows.map((window) => ({ expression: queries.lateShare(window), legend: window })),
        alert: 'TinyLLMLatencyBudgetBurnFast',
      },
      {
        title: 'Queue',
        description: 'Waiting requests, and the capacity of the queues.',
        kind: 'lines',
        unit: 'short',
        whenEmpty: 'no queue',
        queries: [
          { expression: queries.queueSize, legend: '{{job}}' },
          { expression: queries.queueCapacity, legend: '{{job}}, capacity' },
        ],
        alert: 'TinyLLMQueueBacklog',
      },
      {
        title: 'Totals since start',
        description: 'Requests, output tokens and cost of the running instances since their start, by model.',
        kind: 'table',
        queries: [
          { expression: queries.requestsCounted, legend: 'Requests', unit: 'short' },
          { expression: queries.tokensCounted, legend: 'Output tokens', unit: 'short' },
          { expression: queries.costCounted, legend: 'Cost', unit: 'currencyUSD' },
        ],
      },
    ],
  };
}
