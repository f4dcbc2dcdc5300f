/** The PromQL queries in the documents, by topic. */
export const seedQueries: Readonly<Record<string, readonly string[]>> = {
  'Labels of the application': [
    'sum by (tenant) (rate(tinyllm_tokens_output_total[5m]))',
    'sum by (tenant) (rate(tinyllm_errors_total[5m])) / sum by (tenant) (rate(tinyllm_requests_total[5m])) * 100',
    'histogram_quantile(0.95, sum by (le, tenant) (rate(tinyllm_request_latency_seconds_bucket[5m])))',
  ],
  'Request rate': ['rate(tinyllm_requests_total[5m])', 'sum(rate(tinyllm_requests_total[5m])) by (graph)'],
  'Latency percentiles': [
    'histogram_quantile(0.95, rate(tinyllm_request_latency_seconds_bucket[5m]))',
    'histogram_quantile(0.99, sum by (le, model) (rate(tinyllm_request_latency_seconds_bucket[5m])))',
  ],
  'Error rate': [
    'sum(rate(tinyllm_errors_total[5m])) / sum(rate(tinyllm_requests_total[5m])) * 100',
    'sum(rate(tinyllm_errors_total[5m])) by (error_type)',
  ],
  'Token throughput': [
    'sum(rate(tinyllm_tokens_input_total[5m]) + rate(tinyllm_tokens_output_total[5m]))',
    'sum(rate(tinyllm_tokens_output_total[5m])) by (model)',
  ],
  'Circuit breaker health': ['tinyllm_circuit_breaker_state == 2', 'rate(tinyllm_circuit_breaker_failures_total[5m])'],
  'Cache performance': [
    'sum(rate(tinyllm_cache_hits_total[5m])) / (sum(rate(tinyllm_cache_hits_total[5m])) + sum(rate(tinyllm_cache_misses_total[5m])))',
    'sum(rate(tinyllm_cache_hits_total[5m])) by (cache_type)',
    'sum(rate(tinyllm_cache_misses_total[5m])) by (cache_type)',
  ],
  'Node performance': [
    'sum(rate(tinyllm_node_executions_total[5m])) by (node)',
    'histogram_quantile(0.95, sum by (le, node) (rate(tinyllm_node_execution_duration_seconds_bucket[5m])))',
    'sum(rate(tinyllm_node_errors_total[5m])) by (node, error_type)',
  ],
  Queue: [
    'tinyllm_queue_size',
    'rate(tinyllm_queue_wait_time_seconds_sum[5m]) / rate(tinyllm_queue_wait_time_seconds_count[5m])',
    'rate(tinyllm_queue_requests_rejected_total[5m])',
  ],
};
