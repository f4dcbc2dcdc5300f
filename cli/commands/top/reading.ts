import { parseText, type TextFamily } from '@tinyllm/hub';
import { catalog } from 'tinyllm/catalog';
import { EndpointError } from './endpoint-error.js';

/** The numbers of one series. */
export interface SeriesReading {
  readonly labels: Readonly<Record<string, string>>;
  /** Of a counter or gauge one, under the empty key; of a histogram `sum`, `count`, and its buckets by their bound. */
  readonly values: ReadonlyMap<string, number>;
}

/** What an endpoint said at one time. */
export interface Reading {
  /** Seconds on a clock that never goes back. */
  readonly at: number;
  /** By the metric's name, then by the series' labels. */
  readonly families: ReadonlyMap<string, ReadonlyMap<string, SeriesReading>>;
}

const ours: ReadonlySet<string> = new Set(Object.values(catalog).map(({ name }) => name));

/**
 * Reads the text of a scrape, as far as it is TinyLLM's.
 *
 * @throws {EndpointError} when it is not in the Prometheus text format, or holds no metric of the catalog.
 */
export function readScrape(text: string, at: number): Reading {
  const families = new Map(
    parsed(text)
      .filter(({ name }) => ours.has(name))
      .map((family) => [family.name, seriesOf(family)]),
  );
  if (families.size > 0) return { at, families };
  throw new EndpointError('answers, but with no metric of TinyLLM; name the URL that its metrics are served at.');
}

function parsed(text: string): readonly TextFamily[] {
  try {
    return parseText(text);
  } catch (cause) {
    throw new EndpointError('answers, but not in the Prometheus text format; expected the URL of its metrics.', {
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
