import { catalog } from 'tinyllm/catalog';
import { Distribution } from './distribution.js';
import { Increase } from './increase.js';
import type { Reading, SeriesReading } from './reading.js';

/** Statistics of requests. Rates are per second, times in seconds. Values without traffic are null. */
export interface RequestStatistics {
  readonly requestsPerSecond: number | null;
  /** Percentage of started requests that failed, 0 to 100. */
  readonly errorPercent: number | null;
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly p99Seconds: number | null;
  readonly inputTokensPerSecond: number | null;
  readonly outputTokensPerSecond: number | null;
  readonly active: number;
}

/** Statistics of the requests to one model, and the state of its circuit breaker. */
export interface ModelStatistics extends RequestStatistics {
  readonly model: string;
  readonly breaker: 'closed' | 'half-open' | 'open' | null;
}

/** Statistics of the executions of one node. */
export interface NodeStatistics {
  readonly node: string;
  readonly graph: string;
  readonly perSecond: number;
  readonly meanSeconds: number;
  readonly p95Seconds: number;
  readonly errorPercent: number;
}

/** The state of the queue. */
export interface QueueStatistics {
  readonly waiting: number;
  readonly capacity: number;
  readonly busyWorkers: number;
  readonly rejectedPerSecond: number | null;
}

/** Everything that `tinyllm top` shows. */
export interface TopStatistics extends RequestStatistics {
  /** The time over which rates are calculated, in seconds. 0 after the first scrape, when there are no rates yet. */
  readonly windowSeconds: number;
  /** Whether the endpoint has ever counted a request. */
  readonly hasTraffic: boolean;
  readonly cacheHitPercent: number | null;
  /** Null if no queue was ever used. */
  readonly queue: QueueStatistics | null;
  /** Sorted by request rate, highest first. */
  readonly models: readonly ModelStatistics[];
  /** Sorted by mean duration, slowest first. */
  readonly nodes: readonly NodeStatistics[];
}

type Matches = (labels: SeriesReading['labels']) => boolean;

const states = ['closed', 'half-open', 'open'] as const;

/** Calculates statistics from some readings of an endpoint, oldest first. */
export function computeStatistics(readings: readonly Reading[]): TopStatistics {
  const increase = new Increase(readings);
  const { families } = readings.at(-1) ?? { families: new Map<string, ReadonlyMap<string, SeriesReading>>() };
  const now = (name: string): readonly SeriesReading[] => [...(families.get(name)?.values() ?? [])];
  const { seconds } = increase;
  const perSecond = (amount: number): number | null => (seconds > 0 ? amount / seconds : null);

  const requestStatistics = (matches: Matches): RequestStatistics => {
    const increaseOf = (name: string): number => sumOf(increase.of(name).filter(({ labels }) => matches(labels)));
    const latency = new Distribution(increase.of(catalog.requestLatency.name).filter(({ labels }) => matches(labels)));
    const requests = increaseOf(catalog.requests.name);
    return {
      requestsPerSecond: perSecond(requests),
      errorPercent: percent(increaseOf(catalog.errors.name), requests),
      p50Seconds: latency.quantile(0.5) ?? null,
      p95Seconds: latency.quantile(0.95) ?? null,
      p99Seconds: latency.quantile(0.99) ?? null,
      inputTokensPerSecond: perSecond(increaseOf(catalog.inputTokens.name)),
      outputTokensPerSecond: perSecond(increaseOf(catalog.outputTokens.name)),
      active: sumOf(now(catalog.activeRequests.name).filter(({ labels }) => matches(labels))),
    };
  };

  const breakers = new Map(
    now(catalog.circuitBreakerState.name).map(({ labels, values }) => [labels.model, states[values.get('') ?? -1]]),
  );
  const models = [...new Set([...now(catalog.requests.name).map(({ labels }) => labels.model), ...breakers.keys()])];
  const hits = sumOf(increase.of(catalog.cacheHits.name));
  const queued = [catalog.queueCapacity, catalog.queueSize, catalog.queueRequests, catalog.queueRejected];
  const hasQueue = queued.some(({ name }) => sumOf(now(name)) > 0);
  return {
    windowSeconds: seconds,
    hasTraffic: sumOf(now(catalog.requests.name)) > 0,
    ...requestStatistics(() => true),
    cacheHitPercent: percent(hits, hits + sumOf(increase.of(catalog.cacheMisses.name))),
    queue: hasQueue
      ? {
          waiting: sumOf(now(catalog.queueSize.name)),
          capacity: sumOf(now(catalog.queueCapacity.name)),
          busyWorkers: sumOf(now(catalog.queueActiveWorkers.name)),
          rejectedPerSecond: perSecond(sumOf(increase.of(catalog.queueRejected.name))),
        }
      : null,
    models: models
      .map((model = '') => ({
        model,
        ...requestStatistics((labels) => labels.model === model),
        breaker: breakers.get(model) ?? null,
      }))
      .sort((a, b) => (b.requestsPerSecond ?? 0) - (a.requestsPerSecond ?? 0) || (a.model < b.model ? -1 : 1)),
    nodes: nodeStatistics(increase),
  };
}

/** Statistics of the nodes with finished executions. Series that differ only in additional labels are added up. */
function nodeStatistics(increase: Increase): readonly NodeStatistics[] {
  const errors = increase.of(catalog.nodeErrors.name);
  const byNode = new Map<string, SeriesReading[]>();
  for (const series of increase.of(catalog.nodeDuration.name)) {
    const key = JSON.stringify([series.labels.node, series.labels.graph]);
    byNode.set(key, [...(byNode.get(key) ?? []), series]);
  }
  return [...byNode.values()]
    .map((series) => {
      const { node = '', graph = '' } = series[0]?.labels ?? {};
      const times = new Distribution(series);
      const failed = sumOf(errors.filter(({ labels }) => labels.node === node && labels.graph === graph));
      return {
        node,
        graph,
        perSecond: times.count / increase.seconds,
        meanSeconds: times.mean ?? 0,
        p95Seconds: times.quantile(0.95) ?? 0,
        errorPercent: percent(failed, times.count) ?? 0,
      };
    })
    .filter(({ perSecond }) => perSecond > 0)
    .sort((a, b) => b.meanSeconds - a.meanSeconds);
}

function sumOf(series: readonly SeriesReading[]): number {
  return series.reduce((sum, { values }) => sum + (values.get('') ?? 0), 0);
}

/** Null if `whole` is 0. */
function percent(part: number, whole: number): number | null {
  return whole > 0 ? Math.min(100, (100 * part) / whole) : null;
}
