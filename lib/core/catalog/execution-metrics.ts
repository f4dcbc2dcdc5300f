import { counter, gauge, histogram } from './declare.js';

/** Metrics of nodes, graphs and tools. */
export const executionMetrics = {
  nodeExecutions: counter(
    'tinyllm_node_executions_total',
    ['node', 'graph'],
    'Node executions, counted when they start.',
  ),
  nodeDuration: histogram(
    'tinyllm_node_execution_duration_seconds',
    ['node', 'graph'],
    'Duration of node executions.',
    [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  ),
  activeNodes: gauge('tinyllm_active_nodes', ['node', 'graph'], 'Node executions in flight.'),
  nodeErrors: counter(
    'tinyllm_node_errors_total',
    ['node', 'graph', 'error_type'],
    'Failed node executions by error type. Cancelled executions are not errors.',
  ),
  nodeCancelled: counter('tinyllm_node_cancelled_total', ['node', 'graph'], 'Node executions cancelled by the caller.'),
  graphExecutions: counter('tinyllm_graph_executions_total', ['graph'], 'Graph executions, counted when they start.'),
  graphDuration: histogram(
    'tinyllm_graph_execution_duration_seconds',
    ['graph'],
    'Duration of graph executions.',
    [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
  ),
  activeGraphs: gauge('tinyllm_active_graphs', ['graph'], 'Graph executions in flight.'),
  graphErrors: counter(
    'tinyllm_graph_errors_total',
    ['graph', 'error_type'],
    'Failed graph executions by error type. Cancelled executions are not errors.',
  ),
  graphCancelled: counter('tinyllm_graph_cancelled_total', ['graph'], 'Graph executions cancelled by the caller.'),
  toolCalls: counter('tinyllm_tool_calls_total', ['tool', 'graph'], 'Tool calls, counted when they start.'),
  toolDuration: histogram(
    'tinyllm_tool_call_duration_seconds',
    ['tool', 'graph'],
    'Duration of tool calls.',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  ),
  activeTools: gauge('tinyllm_active_tools', ['tool', 'graph'], 'Tool calls in flight.'),
  toolErrors: counter(
    'tinyllm_tool_errors_total',
    ['tool', 'graph', 'error_type'],
    'Failed tool calls by error type. Cancelled calls are not errors.',
  ),
  toolCancelled: counter('tinyllm_tool_cancelled_total', ['tool', 'graph'], 'Tool calls cancelled by the caller.'),
} as const;
