import { reportToClusterPrimary } from '../aggregation/cluster-worker.js';
import type { MeterConfiguration } from '../metrics/meter.js';
import { announceSegments } from '../metrics/thread-channel.js';
import { MetricsCollector } from './collector.js';

const SHARED = Symbol.for('tinyllm.collector');

/** The process's collector over the shared `registry`: the same one however often the package is loaded. */
export function getMetricsCollector(): MetricsCollector {
  const scope = globalThis as { [SHARED]?: MetricsCollector };
  if (scope[SHARED] === undefined) {
    scope[SHARED] = new MetricsCollector();
    announceSegments(scope[SHARED].meter.memory);
    reportToClusterPrimary(scope[SHARED].meter.memory);
  }
  return scope[SHARED];
}

/**
 * Configures the shared metrics; see `MeterConfiguration`.
 *
 * @throws {MetricsConfigurationError} when something in it cannot be applied; nothing of it is then.
 */
export function configureMetrics(configuration: MeterConfiguration): void {
  getMetricsCollector().meter.configure(configuration);
}

// From its import on, the shared registry holds the whole catalog.
getMetricsCollector();
