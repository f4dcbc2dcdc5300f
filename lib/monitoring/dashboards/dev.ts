import type { FilterLabels } from '../queries/additional-labels.js';
import { devQueries, shownQuantiles } from '../queries/queries.js';
import type { HistogramVariant } from '../settings/histogram-variant.js';
import type { DashboardPlan } from './panel-plan.js';
import { requestBuckets } from './shared-panels.js';

/** The Development dashboard, for authors of graphs, nodes and prompts. */
export function dev(labels: FilterLabels, histograms: HistogramVariant = 'classic'): DashboardPlan {
  const queries = devQueries(labels, histograms);
  return {
    name: 'dev',
    title: 'Development',
    description: 'Nodes, tools, graphs, errors and streaming.',
    panels: [
      {
        title: 'Node duration (p95)',
        description: 'The 95th percentile of the duration of node executions.',
        kind: 'lines',
        unit: 's',
        queries: [{ expression: queries.nodeQuantile, legend: '{{node}}' }],
      },
      {
        title: 'Node executions',
        description: 'Executions per second, by node.',
        kind: 'lines',
        unit: 'ops',
        queries: [{ expression: queries.nodeRate, legend: '{{node}}' }],
      },
      {
        title: 'Node errors',
        description: 'Failed executions per second, by node and error type.',
        kind: 'lines',
        unit: 'ops',
        whenEmpty: 'no errors',
        queries: [{ expression: queries.nodeErrors, legend: '{{node}}: {{error_type}}' }],
      },
      {
        title: 'Active nodes',
        description: 'Current node executions.',
        kind: 'lines',
        unit: 'short',
        queries: [{ expression: queries.activeNodes, legend: '{{node}}' }],
      },
      {
        title: 'Tool call duration (p95)',
        description: 'The 95th percentile of the duration of tool calls.',
        kind: 'lines',
        unit: 's',
        whenEmpty: 'no tools',
        queries: [{ expression: queries.toolQuantile, legend: '{{tool}}' }],
      },
      {
        title: 'Tool calls',
        description: 'Calls per second, by tool.',
        kind: 'lines',
        unit: 'ops',
        whenEmpty: 'no tools',
        queries: [{ expression: queries.toolRate, legend: '{{tool}}' }],
      },
      {
        title: 'Tool errors',
        description: 'Failed calls per second, by tool and error type.',
        kind: 'lines',
        unit: 'ops',
        whenEmpty: 'no errors',
        queries: [{ expression: queries.toolErrors, legend: '{{tool}}: {{error_type}}' }],
      },
      {
        title: 'Active tools',
        description: 'Current tool calls.',
        kind: 'lines',
        unit: 'short',
        whenEmpty: 'no tools',
        queries: [{ expression: queries.activeTools, legend: '{{tool}}' }],
      },
      {
        title: 'Graph duration (p95)',
        description: 'The 95th percentile of the duration of graph executions.',
        kind: 'lines',
        unit: 's',
        queries: [{ expression: queries.graphQuantile, legend: '{{graph}}' }],
      },
      {
        title: 'Graph executions',
        description: 'Executions per second and current executions, by graph.',
        kind: 'lines',
        unit: 'short',
        queries: [
          { expression: queries.graphRate, legend: '{{graph}}, per second' },
          { expression: queries.activeGraphs, legend: '{{graph}}, in flight' },
        ],
      },
      {
        title: 'Cancelled',
        description: 'Executions per second that callers cancelled. They are not counted as errors.',
        kind: 'lines',
        unit: 'ops',
        whenEmpty: 'none',
        queries: [
          { expression: queries.nodeCancelled, legend: 'node {{node}}' },
          { expression: queries.toolCancelled, legend: 'tool {{tool}}' },
          { expression: queries.graphCancelled, legend: 'graph {{graph}}' },
        ],
      },
      {
        title: 'Graph errors',
        description: 'Failed graph executions per second, by graph and error type.',
        kind: 'lines',
        unit: 'ops',
        whenEmpty: 'no errors',
        queries: [{ expression: queries.graphErrors, legend: '{{graph}}: {{error_type}}' }],
      },
      {
        title: 'Request errors',
        description: 'Failed model requests per second, by error type.',
        kind: 'lines',
        unit: 'reqps',
        whenEmpty: 'no errors',
        queries: [{ expression: queries.errorsByType, legend: '{{error_type}}' }],
        alert: 'TinyLLMErrorBudgetBurnFast',
      },
      {
        title: 'Finish reasons',
        description:
          'Finished requests per second, by reason: stop, length, tool_calls, error, cancelled, timeout or other.',
        kind: 'area',
        unit: 'reqps',
        queries: [{ expression: queries.finishReasons, legend: '{{finish_reason}}' }],
      },
      {
        title: 'Time to first token',
        description: 'Time from the start of a streamed request to its first chunk, with p50, p95 and p99.',
        kind: 'lines',
        unit: 's',
        whenEmpty: 'no streams',
        queries: shownQuantiles.map((quantile) => ({
          expression: queries.timeToFirstToken(quantile),
          legend: `p${quantile * 100}`,
        })),
      },
      {
        title: 'Inter-token latency',
        description: 'Time between two chunks of a streamed request, with p50, p95 and p99.',
        kind: 'lines',
        unit: 's',
        whenEmpty: 'no streams',
        queries: shownQuantiles.map((quantile) => ({
          expression: queries.interTokenLatency(quantile),
          legend: `p${quantile * 100}`,
        })),
      },
      {
        title: 'Time per output token',
        description: 'Time per output token of a request, by model. The panel shows the median of all requests.',
        kind: 'lines',
        unit: 's',
        whenEmpty: 'not reported',
        queries: [{ expression: queries.timePerOutputToken, legend: '{{model}}' }],
      },
      {
        title: 'Input tokens per request',
        description: 'Distribution of the input tokens of requests.',
        kind: 'heatmap',
        unit: 'short',
        queries: [requestBuckets(queries.inputTokenBuckets, histograms)],
      },
      {
        title: 'Output tokens per request',
        description: 'Distribution of the output tokens of requests.',
        kind: 'heatmap',
        unit: 'short',
        queries: [requestBuckets(queries.outputTokenBuckets, histograms)],
      },
      {
        title: 'Conversation memory',
        description: 'Operations on conversation memory per second, by type.',
        kind: 'lines',
        unit: 'ops',
        whenEmpty: 'no conversations',
        queries: [{ expression: queries.memoryOperations, legend: '{{operation_type}}' }],
      },
    ],
  };
}
