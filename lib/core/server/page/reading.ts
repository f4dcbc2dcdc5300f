import { catalog } from '../../catalog/catalog.js';
import { type Histogram, histogramOf } from './histogram.js';
import type { Scrape } from './scrape.js';

/** The increase of the counters between two or more scrapes. */
export interface Increase {
  readonly seconds: number;
  readonly requestsByModel: ReadonlyMap<string, number>;
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  /** The latency of finished requests, in seconds. */
  readonly latency: Histogram;
}

/** The values of one scrape that the panels need. */
export interface Reading {
  /** The time of the scrape, in Unix seconds. */
  readonly at: number;
  /** Requests in progress; `undefined` if the scrape does not contain the metric. */
  readonly active: number | undefined;
  /** By model: 0 closed, 1 half-open, 2 open. */
  readonly breakers: ReadonlyMap<string, number>;
  /** The increase since the previous reading; `undefined` for the first reading and the first one after a gap. */
  readonly increase: Increase | undefined;
}

/** A scrape with its time in Unix seconds. */
export interface TimedScrape {
  readonly at: number;
  readonly scrape: Scrape;
}

const COUNTERS = [
  catalog.requests.name,
  catalog.errors.name,
  catalog.inputTokens.name,
  catalog.outputTokens.name,
  catalog.cacheHits.name,
  catalog.cacheMisses.name,
  catalog.requestLatency.name,
  `${catalog.requestLatency.name}_bucket`,
];

/** Extracts the values for the panels. After a gap, pass no previous scrape. */
export function readScrape({ at, scrape }: TimedScrape, previous: TimedScrape | undefined): Reading {
  return {
    at,
    active: scrape.total(catalog.activeRequests.name),
    breakers: new Map(
      scrape.samples(catalog.circuitBreakerState.name).map(({ labels, value }) => [labels.model ?? '', value]),
    ),
    increase: previous && increaseOf(scrape.increaseSince(previous.scrape, COUNTERS), at - previous.at),
  };
}

function increaseOf(increase: Scrape, seconds: number): Increase {
  const total = (metric: { readonly name: string }): number => increase.total(metric.name) ?? 0;
  return {
    seconds,
    requestsByModel: increase.totalsBy(catalog.requests.name, 'model'),
    errors: total(catalog.errors),
    inputTokens: total(catalog.inputTokens),
    outputTokens: total(catalog.outputTokens),
    cacheHits: total(catalog.cacheHits),
    cacheMisses: total(catalog.cacheMisses),
    latency: histogramOf(increase, catalog.requestLatency.name),
  };
}
