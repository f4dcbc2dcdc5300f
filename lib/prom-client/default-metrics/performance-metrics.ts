import { constants, monitorEventLoopDelay, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import type { Aggregator } from 'prom-client-original';
import type { DefaultMetrics } from './default-metrics.js';

/** The bucket bounds of garbage collection times, in seconds. */
const GC_BUCKETS = [0.001, 0.01, 0.1, 1, 2, 5];

const GC_KINDS: ReadonlyMap<number, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

/** An entry of type `gc`. Node's types declare no `detail`. */
type CollectionEntry = PerformanceEntry & { readonly detail: { readonly kind: number } };

/** Adds the delays of the event loop since the last scrape. Does nothing if the runtime doesn't report them. */
export function addEventLoopLag(metrics: DefaultMetrics): void {
  const delays = createDelayHistogram(metrics.options.eventLoopMonitoringPrecision);
  if (delays === undefined) return;
  const { labels } = metrics;
  const lag = metrics.gauge({
    name: 'nodejs_eventloop_lag_seconds',
    help: 'Lag of event loop in seconds.',
    aggregator: 'average',
    // The first metric sets the values of all.
    collect() {
      const start = process.hrtime.bigint();
      // This scrape contains the lag at the last scrape.
      setImmediate(() => lag.set(labels, Number(process.hrtime.bigint() - start) / 1e9));
      for (const { gauge, read } of gauges) gauge.set(labels, read() / 1e9);
      delays.reset();
    },
  });
  const add = (name: string, description: string, aggregator: Aggregator, read: () => number) => ({
    gauge: metrics.gauge({
      name: `nodejs_eventloop_lag_${name}_seconds`,
      help: `The ${description} event loop delay${name === 'min' || name === 'max' ? '' : 's'}.`,
      aggregator,
    }),
    read,
  });
  const gauges = [
    add('min', 'minimum recorded', 'min', () => delays.min),
    add('max', 'maximum recorded', 'max', () => delays.max),
    add('mean', 'mean of the recorded', 'average', () => delays.mean),
    add('stddev', 'standard deviation of the recorded', 'average', () => delays.stddev),
    add('p50', '50th percentile of the recorded', 'average', () => delays.percentile(50)),
    add('p90', '90th percentile of the recorded', 'average', () => delays.percentile(90)),
    add('p99', '99th percentile of the recorded', 'average', () => delays.percentile(99)),
  ];
}

function createDelayHistogram(resolution = 10): ReturnType<typeof monitorEventLoopDelay> | undefined {
  try {
    const delays = monitorEventLoopDelay({ resolution });
    delays.enable();
    return delays;
  } catch (error) {
    // Bun
    if ((error as NodeJS.ErrnoException).code === 'ERR_NOT_IMPLEMENTED') return undefined;
    throw error;
  }
}

/** Adds the durations of all garbage collections from now on. */
export function addGarbageCollection(metrics: DefaultMetrics): void {
  const durations = metrics.histogram(
    {
      name: 'nodejs_gc_duration_seconds',
      help: 'Garbage collection duration by kind, one of major, minor, incremental or weakcb.',
      labelNames: ['kind'],
    },
    metrics.options.gcDurationBuckets || GC_BUCKETS,
  );
  const observer = new PerformanceObserver((list) => {
    for (const { detail, duration } of list.getEntries() as CollectionEntry[]) {
      const kind = GC_KINDS.get(detail.kind);
      durations.observe({ ...(kind && { kind }), ...metrics.labels }, duration / 1_000);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
}
