import { expect } from 'chai';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import { describeMetric, type MetricOptions } from '../../../lib/core/metrics/descriptor.js';

type Row = readonly [name: string, kind: string, labels: string, buckets?: readonly number[]];

const tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576];

/** Written out here separately, because dashboards, alert rules and users' queries depend on every word of it. */
const expected: readonly Row[] = [
  ['tinyllm_system_info', 'info', 'version, app'],
  ['tinyllm_requests_total', 'counter', 'model, graph, request_type'],
  [
    ...(['tinyllm_request_latency_seconds', 'histogram', 'model, graph'] as const),
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  ],
  ['tinyllm_active_requests', 'gauge', 'model, graph'],
  ['tinyllm_tokens_input_total', 'counter', 'model, graph'],
  ['tinyllm_tokens_output_total', 'counter', 'model, graph'],
  ['tinyllm_errors_total', 'counter', 'error_type, model, graph'],
  ['tinyllm_circuit_breaker_state', 'gauge', 'model'],
  ['tinyllm_circuit_breaker_failures_total', 'counter', 'model'],
  ['tinyllm_model_load_duration_seconds', 'histogram', 'model', [0.1, 0.5, 1, 2, 5, 10, 30, 60]],
  ['tinyllm_node_executions_total', 'counter', 'node, graph'],
  [
    ...(['tinyllm_node_execution_duration_seconds', 'histogram', 'node, graph'] as const),
    [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  ],
  ['tinyllm_node_errors_total', 'counter', 'node, graph, error_type'],
  ['tinyllm_graph_executions_total', 'counter', 'graph'],
  ['tinyllm_graph_execution_duration_seconds', 'histogram', 'graph', [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120]],
  ['tinyllm_cache_hits_total', 'counter', 'cache_type'],
  ['tinyllm_cache_misses_total', 'counter', 'cache_type'],
  ['tinyllm_rate_limit_wait_seconds', 'histogram', 'model', [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]],
  ['tinyllm_memory_operations_total', 'counter', 'operation_type'],
  ['tinyllm_queue_size', 'gauge', 'priority'],
  [
    ...(['tinyllm_queue_wait_time_seconds', 'histogram', 'priority'] as const),
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  ],
  ['tinyllm_queue_requests_total', 'counter', 'priority'],
  ['tinyllm_queue_requests_rejected_total', 'counter', ''],
  ['tinyllm_queue_active_workers', 'gauge', ''],

  ['tinyllm_active_nodes', 'gauge', 'node, graph'],
  ['tinyllm_active_graphs', 'gauge', 'graph'],
  ['tinyllm_graph_errors_total', 'counter', 'graph, error_type'],
  ['tinyllm_node_cancelled_total', 'counter', 'node, graph'],
  ['tinyllm_graph_cancelled_total', 'counter', 'graph'],
  [
    ...(['tinyllm_time_to_first_token_seconds', 'histogram', 'model, graph'] as const),
    [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300],
  ],
  [
    ...(['tinyllm_inter_token_latency_seconds', 'histogram', 'model'] as const),
    [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  ],
  [
    ...(['tinyllm_time_per_output_token_seconds', 'histogram', 'model'] as const),
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5],
  ],
  ['tinyllm_request_input_tokens', 'histogram', 'model, graph', tokens],
  ['tinyllm_request_output_tokens', 'histogram', 'model, graph', tokens],
  ['tinyllm_requests_finished_total', 'counter', 'model, graph, finish_reason'],
  ['tinyllm_retries_total', 'counter', 'model, reason'],
  ['tinyllm_fallbacks_total', 'counter', 'requested_model, fallback_model, reason'],
  ['tinyllm_circuit_breaker_transitions_total', 'counter', 'model, from, to'],
  ['tinyllm_circuit_breaker_rejected_total', 'counter', 'model'],
  ['tinyllm_queue_capacity', 'gauge', ''],
  ['tinyllm_model_loaded', 'gauge', 'model'],
  ['tinyllm_model_memory_bytes', 'gauge', 'model'],
  ['tinyllm_model_vram_bytes', 'gauge', 'model'],
  ['tinyllm_store_errors_total', 'counter', 'store, operation'],
  ['tinyllm_proxy_upstream_up', 'gauge', 'upstream'],
  ['tinyllm_proxy_upstream_active_requests', 'gauge', 'upstream'],
  ['tinyllm_proxy_upstream_failures_total', 'counter', 'upstream, reason'],
  ['tinyllm_proxy_retries_total', 'counter', 'upstream, reason'],
  ['tinyllm_proxy_refused_total', 'counter', 'reason'],
  ['tinyllm_cost_usd_total', 'counter', 'model, graph'],
  ['tinyllm_unpriced_requests_total', 'counter', 'model'],
  ['tinyllm_proxy_uninspected_total', 'counter', 'body, reason'],
  ['tinyllm_tokens_cached_input_total', 'counter', 'model, graph'],
  ['tinyllm_tokens_cache_write_total', 'counter', 'model, graph'],
  ['tinyllm_tokens_reasoning_output_total', 'counter', 'model, graph'],
  ['tinyllm_tool_calls_total', 'counter', 'tool, graph'],
  [
    ...(['tinyllm_tool_call_duration_seconds', 'histogram', 'tool, graph'] as const),
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  ],
  ['tinyllm_active_tools', 'gauge', 'tool, graph'],
  ['tinyllm_tool_errors_total', 'counter', 'tool, graph, error_type'],
  ['tinyllm_tool_cancelled_total', 'counter', 'tool, graph'],
  ['tinyllm_metrics_overflow_total', 'counter', 'metric'],
  ['tinyllm_instrumentation_errors_total', 'counter', 'site'],
  ['tinyllm_scrape_foreign_timeouts_total', 'counter', ''],
  [
    ...(['tinyllm_scrape_duration_seconds', 'histogram', ''] as const),
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
  ],
];

const declared: readonly MetricOptions[] = Object.values(catalog);

describe('catalog', () => {
  for (const [name, kind, labels, buckets] of expected) {
    it(`declares ${name}`, () => {
      const found = declared.filter((metric) => metric.name === name);
      expect(found.map((metric) => [metric.kind, metric.labels?.join(', '), metric.buckets])).to.deep.equal([
        [kind, labels, buckets],
      ]);
    });
  }

  it('declares nothing else', () => {
    expect(declared.map(({ name }) => name)).to.have.members(expected.map(([name]) => name));
  });

  it('has valid declarations, each with a unique help text', () => {
    for (const metric of declared) {
      expect(describeMetric(metric).name).to.equal(metric.name);
      expect(metric.help, metric.name).to.match(/^[A-Z][^\n]+\.$/);
    }
    expect(new Set(declared.map(({ help }) => help)).size).to.equal(declared.length);
  });

  it('has the base unit at the end of the name', () => {
    const units = new Map(declared.map(({ name, unit }) => [name, unit]));
    expect(units.get('tinyllm_request_latency_seconds')).to.equal('seconds');
    expect(units.get('tinyllm_model_memory_bytes')).to.equal('bytes');
    expect(units.get('tinyllm_request_input_tokens')).to.equal('tokens');
    expect(units.get('tinyllm_cost_usd_total')).to.equal('usd');
    expect(units.get('tinyllm_requests_total')).to.equal(undefined);
  });
});
