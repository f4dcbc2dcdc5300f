import { parseText, type TextFamily } from '@tinyllm/hub';
import { catalog } from 'tinyllm/catalog';
import { EndpointError } from './endpoint-error.js';

/** The values of one series. */
export interface SeriesReading {
  readonly labels: Readonly<Record<string, string>>;
  /** A counter or gauge has one value with an empty key. A histogram has `sum`, `count`, and its buckets by bound. */
  readonly values: ReadonlyMap<string, number>;
}

/** The metrics of an endpoint at one time. */
export interface Reading {
  /** Seconds of a monotonic clock. */
  readonly at: number;
  /** By the name of the metric, then by the labels of the series. */
  readonly families: ReadonlyMap<string, ReadonlyMap<string, SeriesReading>>;
}

const knownMetrics: ReadonlySet<string> = new Set(Object.values(catalog).map(({ name }) => name));

/**
 * Parses the text of a scrape. Keeps only metrics of TinyLLM.
 *
 * @throws {EndpointError} if the text is not in the Prometheus text format, or has no metric of the catalog.
 */
export function readScrape(text: string, at: number): Reading {
  const families = new Map(
    parsed(text)
      .filter(({ name }) => knownMetrics.has(name))
      .map((family) => [family.name, seriesOf(family)]),
  );
  if (families.size > 0) return { at, families };
  throw new EndpointError('responds without metrics of TinyLLM; expected the metrics URL of TinyLLM.');
}

function parsed(text: string): readonly TextFamily[] {
  try {
    return parseText(text);
  } catch (cause) {
    throw new EndpointError('does not respond in the Prometheus text format; expected the metrics URL of TinyLLM.', {
      cause,
    });
  }
}

function seriesOf({ name, samples }: TextFamily): ReadonlyMap<string, SeriesReading> {
  const series = new Map<string, { readonly labels: Record<string, string>; readonly values: Map<string, number> }>();
  for (const sample of samples) {
    const { le, ...labels } = Object.fromEntries(sample.labels);
    const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = series.get(key) ?? { labels, values: new Map<string, number>() };
    series.set(key, known);
    known.values.set(le ?? sample.name.slice(name.length + 1), sample.value);
  }
  return series;
}
