// Configures the metrics before their first use: other buckets, a lower limit on label sets, excluded metrics.
import { configureMetrics, getMetricsCollector, registry } from 'tinyllm';

configureMetrics({
  buckets: { tinyllm_request_latency_seconds: [0.5, 1, 5, 30, 120, 600] },
  maxSeriesPerMetric: 2,
  exclude: ['tinyllm_inter_token_latency_seconds'],
});

const metrics = getMetricsCollector();
metrics.trackRequestLatency({ model: 'llama3.2' }, () => 'an answer');

// Label sets above the limit share one series, so the total stays correct.
for (const operationType of ['read', 'write', 'purge', 'export']) {
  metrics.incrementMemoryOperation({ operationType });
}

for (const line of (await registry.metrics()).split('\n')) {
  if (/^tinyllm_(request_latency_seconds_bucket|memory_operations_total|metrics_overflow_total)/.test(line)) {
    console.log(line);
  }
}
