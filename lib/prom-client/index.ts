/**
 * The public API of `@tinyllm/prom-client`: that of prom-client 15, and `startMetricsServer`.
 *
 * @module
 */
export type {
  Aggregator,
  Charset,
  CollectFunction,
  Collector,
  CounterConfiguration,
  DefaultMetricsCollectorConfiguration,
  GaugeConfiguration,
  HistogramConfiguration,
  IncreaseDataWithExemplar,
  LabelValues,
  Metric,
  MetricConfiguration,
  MetricObject,
  MetricObjectWithValues,
  MetricType,
  MetricValue,
  MetricValueWithName,
  ObserveDataWithExemplar,
  OpenMetricsContentType,
  OpenMetricsMIME,
  OpenMetricsVersion,
  PrometheusContentType,
  PrometheusMetricsVersion,
  PrometheusMIME,
  RegistryContentType,
  SummaryConfiguration,
} from 'prom-client-original';
export {
  // biome-ignore lint/style/noDefaultExport: users of prom-client write `import client from 'prom-client'`.
  client as default,
  contentType,
  openMetricsContentType,
  prometheusContentType,
} from './compatibility/client.js';
export { collectDefaultMetrics } from './default-metrics/collect-default-metrics.js';
export { exponentialBuckets, linearBuckets } from './metrics/buckets.js';
export { Counter } from './metrics/counter.js';
export { Gauge } from './metrics/gauge.js';
export { Histogram } from './metrics/histogram.js';
export { validateMetricName } from './metrics/names.js';
export { Summary } from './metrics/summary.js';
export { Pushgateway, type PushResult } from './push/pushgateway.js';
export { AggregatorRegistry } from './registries/aggregator-registry.js';
export {
  type AggregatorFunction,
  aggregators,
  type CollectedMetric,
  type CollectedValue,
} from './registries/aggregators.js';
export { register } from './registries/default-registry.js';
export { type AnyRegistry, Registry } from './registries/registry.js';
export { type MetricsServerOptions, type ServedRegistry, startMetricsServer } from './server/start-metrics-server.js';
