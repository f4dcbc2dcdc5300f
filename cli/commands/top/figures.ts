import { catalog } from 'tinyllm/catalog';
import { Distribution } from './distribution.js';
import { Increase } from './increase.js';
import type { Reading, SeriesReading } from './reading.js';

/** How requests of some kind do; what no traffic tells of is null. Rates are a second, times in seconds. */
export interface RequestFigures {
  readonly requestsPerSecond: number | null;
  /** Of the requests that came, from 0 to 100. */
  readonly errorPercent: number | null;
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly p99Seconds: number | null;
  readonly inputTokensPerSecond: number | null;
  readonly outputTokensPerSecond: number | null;
  readonly active: number;
}

/** The requests to one model, and its circuit breaker. */
export interface ModelFigures extends RequestFigures {
  readonly model: string;
  readonly breaker: 'closed' | 'half-open' | 'open' | null;
}

/** The executions of one node. */
export interface NodeFigures {
  readonly node: string;
  readonly graph: string;
  readonly perSecond: number;
  readonly meanSeconds: number;
  readonly p95Seconds: number;
  readonly errorPercent: number;
}

/** What is in the queue. */
export interface QueueFigures {
  readonly waiting: number;
  readonly capacity: number;
  readonly busyWorkers: number;
  readonly rejectedPerSecond: number | null;
}

/** All that `tinyllm top` shows. */
export interface TopFigures extends RequestFigures {
  /** What rates are taken over, in seconds; 0 after a first reading, which tells of no rates. */
  readonly windowSeconds: number;
  /** Whether any request was ever counted. */
  readonly hasTraffic: boolean;
  readonly cacheHitPercent: number | null;
  /** Null where none was ever used. */
  readonly queue: QueueFigures | null;
  /** The busiest first. */
  readonly models: readonly ModelFigures[];
  /** The slowest first. */
  readonly nodes: readonly NodeFigures[];
}

type Matches = (labels: SeriesReading['labels']) => boolean;

const states = ['closed', 'half-open', 'open'] as const;

/** Reckons figures from the readings of a while, oldest first. */
export function figuresOf(readings: readonly Reading[]): TopFigures {
  const increase = new Increase(readings);
  const { families } = readings.at(-1) ?? { families: new Map<string, ReadonlyMap<string, SeriesReading>>() };
  const now = (name: string): readonly SeriesReading[] => [...(families.get(name)?.values() ?? [])];
  const { seconds } = increase;
  const perSecond = (amount: number): number | null => (seconds > 0 ? amount / seconds : null);

  const requestFigures = (matches: Matches): RequestFigures => {
    const grown = (name: string): number => sumOf(increase.of(name).filter(({ labels }) => matches(labels)));
    const latency = new Distribution(increase.of(catalog.requestLatency.name).filter(({ labels }) => matches(labels)));
    const requests = grown(catalog.requests.name);
    return {
      requestsPerSecond: perSecond(requests),
      errorPercent: percent(grown(catalog.errors.name), requests),
      p50Seconds: latency.quantile(0.5) ?? null,
      p95Seconds: latency.quantile(0.95) ?? null,
      p99Seconds: latency.quantile(0.99) ?? null,
      inputTokensPerSecond: perSecond(grown(catalog.inputTokens.name)),
      outputTokensPerSecond: perSecond(grown(catalog.outputTokens.name)),
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
    ...requestFigures(() => true),
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
        ...requestFigures((labels) => labels.model === model),
        breaker: breakers.get(model) ?? null,
      }))
      .sort((a, b) => (b.requestsPerSecond ?? 0) - (a.requestsPerSecond ?? 0) || (a.model < b.model ? -1 : 1)),
    nodes: nodeFigures(increase),
  };
}

/** Of the nodes that ended an execution. */
function nodeFigures(increase: Increase): readonly NodeFigures[] {
  const errors = increase.of(catalog.nodeErrors.name);
  return increase
    .of(catalog.nodeDuration.name)
    .map((series) => {
      const { node = '', graph = '' } = series.labels;
      const times = new Distribution([series]);
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

/** Null when there is no whole to be a part of. */
function percent(part: number, whole: number): number | null {
  return whole > 0 ? Math.min(100, (100 * part) / whole) : null;
}
