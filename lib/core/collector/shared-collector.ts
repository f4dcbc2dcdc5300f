import { reportToClusterPrimary } from '../aggregation/cluster-worker.js';
import type { MeterConfiguration } from '../metrics/meter.js';
import { announceSegments } from '../metrics/thread-channel.js';
import { MetricsCollector } from './collector.js';

const SHARED = Symbol.for('tinyllm.collector');

/** Returns this thread's collector for the shared `registry`. All copies of the package share it. */
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
 * @throws {MetricsConfigurationError} if any part of the configuration is invalid. Nothing is then changed.
 */
export function configureMetrics(configuration: MeterConfiguration): void {
  getMetricsCollector().meter.configure(configuration);
}

// The shared registry contains the whole catalog as soon as the package is imported.
getMetricsCollector();
