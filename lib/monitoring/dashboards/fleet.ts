import { fleetQueries as queries } from '../queries/fleet-queries.js';
import type { ObjectiveWindow } from '../queries/recorded.js';
import type { DashboardPlan } from './panel-plan.js';
import { latencyPercentiles, tokenThroughput } from './shared-panels.js';

const longWindows: readonly ObjectiveWindow[] = ['1h', '6h', '1d', '3d'];

/** For a global Prometheus, which has recorded series alone: all instances together. */
export const fleet: DashboardPlan = {
  name: 'fleet',
  title: 'Fleet',
  description:
    'All instances together, from recorded series: for a Prometheus that federates others, or any that records.',
  recordedOnly: true,
  panels: [
    {
      title: 'Instances up',
      description: 'Instances of TinyLLM that are reached.',
      kind: 'stat',
      width: 6,
      whenEmpty: 'no targets',
      queries: [{ expression: queries.instancesUp, legend: 'instances' }],
      alert: 'TinyLLMTargetDown',
    },
    {
      title: 'Leaves up',
      description: 'Prometheus servers or agents below this one that are reached.',
      kind: 'stat',
      width: 6,
      whenEmpty: 'none below',
      queries: [{ expression: queries.leavesUp, legend: 'leaves' }],
      alert: 'TinyLLMTargetDown',
    },
    {
      title: 'Circuit breakers',
      description: "The worst state of each model's circuit breakers over time.",
      kind: 'states',
      whenEmpty: 'no breakers',
      queries: [{ expression: queries.breakerState, legend: '{{model}}' }],
      alert: 'TinyLLMCircuitBreakerOpen',
    },
    {
      title: 'Request rate',
      description: 'Requests to models that started, per second, by job.',
      kind: 'lines',
      unit: 'reqps',
      queries: [{ expression: queries.requestRate, legend: '{{job}}' }],
      alert: 'TinyLLMNoTraffic',
    },
    {
      title: 'Request rate by leaf',
      description: 'Requests to models that started, per second, by the server that scraped them.',
      kind: 'area',
      unit: 'reqps',
      queries: [{ expression: queries.requestRateByLeaf, legend: '{{leaf}}' }],
    },
    latencyPercentiles(queries.latencyQuantile),
    tokenThroughput(queries),
    {
      title: 'Errors',
      description: 'The share of requests that failed, over the windows that alerts watch.',
      kind: 'lines',
      unit: 'percentunit',
      queries: longWindows.map((window) => ({ expression: queries.errorShare(window), legend: window })),
      alert: 'TinyLLMErrorBudgetBurnFast',
    },
    {
      title: 'Late answers',
      description: 'The share of requests that took longer than the objective, over the windows that alerts watch.',
      kind: 'lines',
      unit: 'percentunit',
      queries: longWindows.map((window) => ({ expression: queries.lateShare(window), legend: window })),
      alert: 'TinyLLMLatencyBudgetBurnFast',
    },
    {
      title: 'Queue',
      description: 'Requests that wait, beside how many the queues can hold.',
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
      title: 'Counted since start',
      description: 'What the instances that run have counted since they started, by model.',
      kind: 'table',
      queries: [
        { expression: queries.requestsCounted, legend: 'Requests', unit: 'short' },
        { expression: queries.tokensCounted, legend: 'Output tokens', unit: 'short' },
        { expression: queries.costCounted, legend: 'Cost', unit: 'currencyUSD' },
      ],
    },
  ],
};
