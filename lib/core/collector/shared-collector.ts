import { isMainThread } from 'node:worker_threads';
import { reportToClusterPrimary } from '../aggregation/cluster-worker.js';
import { MetricsConfigurationError } from '../errors/errors.js';
import type { MeterConfiguration } from '../metrics/meter-configuration.js';
import { registry } from '../metrics/shared-registry.js';
import { announceSegments } from '../metrics/thread-channel.js';
import { updateMetrics } from '../metrics/update-metrics.js';
import { MetricsCollector } from './collector.js';
import { configureFromEnvironment } from './configure-from-environment.js';
import { inheritedConfiguration, passOn } from './inherited-configuration.js';
import { checkSwitch, metricsAreOff } from './metrics-are-off.js';

/** How often a worker thread updates its metrics. */
const THREAD_UPDATE_MILLISECONDS = 5_000;

const SHARED = Symbol.for('tinyllm.collector');

/** Returns this thread's collector for the shared `registry`. All copies of the package share it. */
export function getMetricsCollector(): MetricsCollector {
  const scope = globalThis as { [SHARED]?: MetricsCollector };
  if (scope[SHARED] === undefined) {
    scope[SHARED] = new MetricsCollector();
    start(scope[SHARED]);
  }
  return scope[SHARED];
}

function start(collector: MetricsCollector): void {
  const { meter, problems } = collector;
  configureFromEnvironment(collector);
  inherit(collector);
  if (metricsAreOff()) meter.configure({ exclude: meter.names, enabled: false });
  checkSwitch(problems);
  announceSegments(meter.memory);
  if (!isMainThread) updateRegularly();
  reportToClusterPrimary(meter.memory);
}

/**
 * Applies the configuration of the thread that started this one. Another version of the package may have written it.
 */
function inherit({ meter, problems }: MetricsCollector): void {
  try {
    const inherited = inheritedConfiguration();
    if (inherited !== undefined) meter.configure(inherited, { isInherited: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    problems.report(
      new MetricsConfigurationError(`The configuration of the main thread does not apply: ${reason}`, { cause }),
    );
  }
}

/** Scrapes don't wait for other threads. So these threads update their metrics with `collect` at regular intervals. */
function updateRegularly(): void {
  setInterval(() => void updateMetrics(registry), THREAD_UPDATE_MILLISECONDS).unref();
}

/**
 * Sets the additional labels, the buckets, native histograms and the other options of TinyLLM's metrics. Call it before
 * the first recorded call, the first scrape and the start of a server.
 *
 * It can be called several times. Options that a call omits keep their values. `constantLabels`, `enabled` and
 * `maxSeriesPerMetric` can be changed at any time.
 *
 * Worker threads that are started later have the same configuration. In a cluster, each worker must call this function.
 *
 * @throws {MetricsConfigurationError} if any part of the configuration is invalid. Nothing is then changed.
 */
export function configureMetrics(configuration: MeterConfiguration): void {
  const { meter } = getMetricsCollector();
  // The environment variable has priority.
  meter.configure(metricsAreOff() ? { ...configuration, enabled: false } : configuration);
  passOn(configuration);
}

// The shared registry contains the whole catalog as soon as the package is imported.
getMetricsCollector();
