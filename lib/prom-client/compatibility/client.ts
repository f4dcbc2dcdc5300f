import type { RegistryContentType } from 'prom-client-original';
import { collectDefaultMetrics } from '../default-metrics/collect-default-metrics.js';
import { exponentialBuckets, linearBuckets } from '../metrics/buckets.js';
import { Counter } from '../metrics/counter.js';
import { Gauge } from '../metrics/gauge.js';
import { Histogram } from '../metrics/histogram.js';
import { validateMetricName } from '../metrics/names.js';
import { Summary } from '../metrics/summary.js';
import { Pushgateway } from '../push/pushgateway.js';
import { AggregatorRegistry } from '../registries/aggregator-registry.js';
import { aggregators } from '../registries/aggregators.js';
import { register } from '../registries/default-registry.js';
import { Registry } from '../registries/registry.js';
import { startMetricsServer } from '../server/start-metrics-server.js';

/** The content type of Prometheus' text format. */
export const prometheusContentType = Registry.PROMETHEUS_CONTENT_TYPE;

/** The content type of OpenMetrics. */
export const openMetricsContentType = Registry.OPENMETRICS_CONTENT_TYPE;

/** The content type that `register` has at first. `client.contentType` is the current one. */
export const contentType: RegistryContentType = register.contentType;

/** All values of the package in one object: the default export, and the result of `require`. */
export const client = {
  AggregatorRegistry,
  aggregators,
  Counter,
  collectDefaultMetrics,
  /** See {@link exponentialBuckets}. */
  exponentialBuckets,
  Gauge,
  Histogram,
  /** See {@link linearBuckets}. */
  linearBuckets,
  openMetricsContentType,
  Pushgateway,
  prometheusContentType,
  Registry,
  register,
  Summary,
  /** See {@link startMetricsServer}. */
  startMetricsServer,
  /** See {@link validateMetricName}. */
  validateMetricName,
  /** The content type of `register`. Assigning it changes the registry. */
  get contentType(): RegistryContentType {
    return register.contentType;
  },
  set contentType(value: RegistryContentType) {
    register.setContentType(value as typeof prometheusContentType);
  },
};

// Code that a compiler has translated from ES modules reads the property `default` of the result of `require`.
Object.defineProperties(client, { __esModule: { value: true }, default: { value: client } });
