/**
 * The public API of `@tinyllm/prom-client`.
 *
 * @module
 */
export {
  exponentialBuckets,
  linearBuckets,
  openMetricsContentType,
  prometheusContentType,
  Registry,
  validateMetricName,
} from 'prom-client';
export { registry as register, startMetricsServer } from 'tinyllm';
export { Counter, collectDefaultMetrics, Gauge, Histogram, Summary } from './metrics/shared-metrics.js';
