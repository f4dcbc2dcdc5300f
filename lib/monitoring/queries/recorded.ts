import { catalog } from 'tinyllm/catalog';
import type { QueriedMetric } from './promql.js';

/** Returns the name of a recorded series in the convention of Prometheus: `level:metric:operations`. */
export function recordedName(level: readonly string[], metric: QueriedMetric | string, operation: string): string {
  const name = typeof metric === 'string' ? metric : metric.name.replace(/_total$/, '');
  return `${level.join('_')}:${name}:${operation}`;
}

/** The time windows of the objectives: the long and the short window of each burn rate. */
export const objectiveWindows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;

export type ObjectiveWindow = (typeof objectiveWindows)[number];

/** The recorded series that alerts use. A federating Prometheus can combine those of several servers. */
export const recorded = {
  requests: (window: ObjectiveWindow) => recordedName(['job'], catalog.requests, `rate${window}`),
  errors: (window: ObjectiveWindow) => recordedName(['job'], catalog.errors, `rate${window}`),
  answered: (window: ObjectiveWindow) => recordedName(['job'], `${catalog.requestLatency.name}_count`, `rate${window}`),
  answeredInTime: (window: ObjectiveWindow) =>
    recordedName(['job'], `${catalog.requestLatency.name}_in_time`, `rate${window}`),
  latencyBuckets: recordedName(['job', 'model', 'graph', 'le'], `${catalog.requestLatency.name}_bucket`, 'rate5m'),
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
