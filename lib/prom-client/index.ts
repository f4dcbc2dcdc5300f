/**
 * The public API of `@tinyllm/prom-client`.
 *
 * @module
 */

export type {
  CounterConfiguration,
  DefaultMetricsCollectorConfiguration,
  GaugeConfiguration,
  HistogramConfiguration,
  LabelValues,
  MetricType,
  SummaryConfiguration,
} from 'prom-client-original';
export {
  exponentialBuckets,
  linearBuckets,
  openMetricsContentType,
  prometheusContentType,
  Registry,
  validateMetricName,
} from 'prom-client-original';
export { registry as register, startMetricsServer } from 'tinyllm';
export { Counter, collectDefaultMetrics, Gauge, Histogram, Summary } from './metrics/shared-metrics.js';
