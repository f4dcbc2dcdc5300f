import { catalog } from '../../catalog/catalog.js';
import type { Buckets } from './quantile.js';
import type { Labels, Scrape } from './scrape.js';

/** What happened between two scrapes, or over several such times. */
export interface Growth {
  readonly seconds: number;
  readonly requestsByModel: ReadonlyMap<string, number>;
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  /** Cumulative, in seconds. */
  readonly latency: Buckets;
}

/** What one scrape adds to the picture. */
export interface Reading {
  /** When it was taken, in Unix seconds. */
  readonly at: number;
  /** Requests in flight; undefined when the target has never said. */
  readonly active: number | undefined;
  /** By model: 0 closed, 1 half-open, 2 open. */
  readonly breakers: ReadonlyMap<string, number>;
  /** What happened since the reading before; undefined of the first one, and of the first one after a gap. */
  readonly growth: Growth | undefined;
}

/** A scrape and when it was taken, in Unix seconds. */
export interface TimedScrape {
  readonly at: number;
  readonly scrape: Scrape;
}

const LATENCY_BUCKETS = `${catalog.requestLatency.name}_bucket`;
const COUNTERS = [
  catalog.requests.name,
  catalog.errors.name,
  catalog.inputTokens.name,
  catalog.outputTokens.name,
  catalog.cacheHits.name,
  catalog.cacheMisses.name,
  LATENCY_BUCKETS,
];

/** Reads what the panels need out of a scrape and the one before it, of which there is none after a gap. */
export function readScrape({ at, scrape }: TimedScrape, before: TimedScrape | undefined): Reading {
  return {
    at,
    active: scrape.total(catalog.activeRequests.name),
    breakers: new Map(
      scrape.samples(catalog.circuitBreakerState.name).map(({ labels, value }) => [labels.model ?? '', value]),
    ),
    growth: before && growthOf(scrape.growthSince(before.scrape, COUNTERS), at - before.at),
  };
}

function growthOf(grown: Scrape, seconds: number): Growth {
  const total = (metric: { readonly name: string }): number => grown.total(metric.name) ?? 0;
  return {
    seconds,
    requestsByModel: grown.totalsBy(catalog.requests.name, 'model'),
    errors: total(catalog.errors),
    inputTokens: total(catalog.inputTokens),
    outputTokens: total(catalog.outputTokens),
    cacheHits: total(catalog.cacheHits),
    cacheMisses: total(catalog.cacheMisses),
    latency: bucketsOf(grown, LATENCY_BUCKETS),
  };
}

/** The buckets of a histogram, those of all series whose labels match added up. */
export function bucketsOf(scrape: Scrape, name: string, matching: Labels = {}): Buckets {
  const matches = (labels: Labels): boolean =>
    Object.entries(matching).every(([label, value]) => labels[label] === value);
  const buckets = new Map<number, number>();
  for (const { labels, value } of scrape.samples(name)) {
    if (!matches(labels)) continue;
    const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
    buckets.set(bound, (buckets.get(bound) ?? 0) + value);
  }
  return buckets;
}
