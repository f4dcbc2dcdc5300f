import { catalog } from 'tinyllm/catalog';
import type { QueriedMetric } from './additional-labels.js';

/** Returns the name of a recorded series in the convention of Prometheus: `level:metric:operations`. */
export function recordedName(level: readonly string[], metric: QueriedMetric | string, operation: string): string {
  const name = typeof metric === 'string' ? metric : metric.name.replace(/_total$/, '');
  return `${level.join('_')}:${name}:${operation}`;
}

/** The time windows of the objectives: the long and the short window of each burn rate. */
export const objectiveWindows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;

export type ObjectiveWindow = (typeof objectiveWindows)[number];

/**
 * Returns the names of the recorded series that alerts and dashboards use. A federating Prometheus can combine those of
 * several servers.
 *
 * The series of requests keep the additional labels. As in every recorded series, the name starts with all its labels.
 */
export function recordedSeries(additionalLabels: readonly string[]) {
  const perJob = ['job', ...additionalLabels];
  const perModel = ['job', 'model', 'graph', ...additionalLabels];
  return {
    requests: (window: ObjectiveWindow) => recordedName(perJob, catalog.requests, `rate${window}`),
    errors: (window: ObjectiveWindow) => recordedName(perJob, catalog.errors, `rate${window}`),
    answered: (window: ObjectiveWindow) =>
      recordedName(perJob, `${catalog.requestLatency.name}_count`, `rate${window}`),
    answeredInTime: (window: ObjectiveWindow) =>
      recordedName(perJob, `${catalog.requestLatency.name}_in_time`, `rate${window}`),
    latencyBuckets: recordedName([...perModel, 'le'], `${catalog.requestLatency.name}_bucket`, 'rate5m'),
    tokenRate: (metric: QueriedMetric) => recordedName(perModel, metric, 'rate5m'),
    total: (metric: QueriedMetric) => recordedName(perModel, metric, 'sum'),
    cacheHits: recordedName(['job', 'cache_type'], catalog.cacheHits, 'rate30m'),
    cacheMisses: recordedName(['job', 'cache_type'], catalog.cacheMisses, 'rate30m'),
    breakerState: recordedName(['job', 'model'], catalog.circuitBreakerState, 'max'),
    /** 1 while an upstream is down for one of the proxies, else 0. */
    upstreamDown: recordedName(['job', 'upstream'], catalog.proxyUpstreamUp.name.replace(/_up$/, '_down'), 'max'),
    queueSize: recordedName(['job'], catalog.queueSize, 'sum'),
    queueCapacity: recordedName(['job'], catalog.queueCapacity, 'sum'),
    queueRejected: recordedName(['job'], catalog.queueRejected, 'rate5m'),
    overflow: recordedName(['job', 'metric'], catalog.metricsOverflow, 'sum'),
  } as const;
}
