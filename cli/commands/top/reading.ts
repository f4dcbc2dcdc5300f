import { parseText } from '@tinyllm/hub';
import { catalog } from 'tinyllm/catalog';
import { type NativeHistogram, parseExposition, type Sample } from 'tinyllm/server';
import { EndpointError } from './endpoint-error.js';

/** The values of one series. */
export interface SeriesReading {
  readonly labels: Readonly<Record<string, string>>;
  /** A counter or gauge has one value with an empty key. A histogram has `sum`, `count`, and its buckets by bound. */
  readonly values: ReadonlyMap<string, number>;
  /** The native buckets of a histogram. */
  readonly native?: NativeHistogram;
  /** When the series started, in Unix seconds. Undefined if the format of the scrape doesn't contain it. */
  readonly start?: number;
}

/** The metrics of an endpoint at one time. */
export interface Reading {
  /** Seconds of a monotonic clock. */
  readonly at: number;
  /** By the name of the metric, then by the labels of the series. */
  readonly families: ReadonlyMap<string, ReadonlyMap<string, SeriesReading>>;
}

/** A series whose samples are still being read. */
interface UnfinishedSeries {
  readonly labels: Record<string, string>;
  readonly values: Map<string, number>;
  native?: NativeHistogram;
  start?: number;
}

const knownMetrics: ReadonlySet<string> = new Set(Object.values(catalog).map(({ name }) => name));
const openMetrics = /^\s*application\/openmetrics-text\s*(?:;|$)/i;

/**
 * Parses the text of a scrape. Keeps only metrics of TinyLLM.
 *
 * @param contentType The format. OpenMetrics, or the Prometheus text format otherwise.
 * @throws {EndpointError} if the text is not in the format, or has no metric of the catalog.
 */
export function readScrape(text: string, at: number, contentType = ''): Reading {
  const families = new Map<string, Map<string, UnfinishedSeries>>();
  for (const sample of openMetrics.test(contentType) ? openMetricsSamples(text) : textSamples(text)) {
    const family = familyOf(sample.name);
    if (family === undefined) continue;
    const all = families.get(family) ?? new Map<string, UnfinishedSeries>();
    families.set(family, all);
    addSample(all, sample, sample.name.slice(family.length + 1));
  }
  if (families.size > 0) return { at, families };
  throw new EndpointError('responds without metrics of TinyLLM; expected the metrics URL of TinyLLM.');
}

function openMetricsSamples(text: string): readonly Sample[] {
  if (/(?:^|\n)# EOF\n?$/.test(text)) return parseExposition(text);
  throw new EndpointError('responds with incomplete OpenMetrics, without # EOF; expected the metrics URL of TinyLLM.');
}

function textSamples(text: string): readonly Sample[] {
  try {
    return parseText(text).flatMap(({ samples }) =>
      samples.map(({ name, labels, value }) => ({ name, labels: Object.fromEntries(labels), value })),
    );
  } catch (cause) {
    throw new EndpointError('does not respond in the Prometheus text format; expected the metrics URL of TinyLLM.', {
      cause,
    });
  }
}

/** Returns the metric of the catalog to which a sample belongs. */
function familyOf(name: string): string | undefined {
  return [name, name.replace(/_(?:bucket|sum|count)$/, '')].find((family) => knownMetrics.has(family));
}

function addSample(all: Map<string, UnfinishedSeries>, sample: Sample, suffix: string): void {
  const { le, ...labels } = sample.labels;
  const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
  const series = all.get(key) ?? { labels, values: new Map<string, number>() };
  all.set(key, series);
  if (sample.start !== undefined) series.start = sample.start;
  if (sample.native !== undefined) series.native = sample.native;
  else series.values.set(le ?? suffix, sample.value);
}
