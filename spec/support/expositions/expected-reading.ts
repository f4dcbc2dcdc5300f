import { formatCanonical } from '../../../lib/core/formats/escape.js';
import type { Exemplar } from '../../../lib/core/formats/family.js';
import type { FormatName } from '../../../lib/core/formats/format.js';
import { goNumber } from './go-number.js';
import type { ReadFamily, ReadSample } from './go-parse.js';
import type { ModelFamily, ModelSeries } from './model.js';

/** One of Prometheus's parsers. */
export type GoParser = 'textparse' | 'expfmt';

/** What is read, and how. */
export interface ReadingContext {
  readonly format: FormatName;
  readonly parser: GoParser;
  /** Whether the scrape requested `_created` samples. */
  readonly created: boolean;
  /** Escapes a name as the exposition does. */
  escape(name: string): string;
}

/** The expected content of an exposition. */
export interface ExpectedReading {
  readonly families: Readonly<Record<string, ReadFamily>>;
  readonly samples: readonly ReadSample[];
}

/** Returns what a parser reads if a registry is written correctly. */
export function expectedReading(model: readonly ModelFamily[], context: ReadingContext): ExpectedReading {
  const all = model.map((family) => ({
    name: context.escape(familyNameOf(family, context)),
    metadata: metadataOf(family, context),
    samples: family.series.flatMap((series) => samplesOf(family, series, context)),
  }));
  const families = all.filter(({ samples }) => samples.length > 0 || keepsEmptyFamilies(context));
  return {
    families: Object.fromEntries(families.map(({ name, metadata }) => [name, metadata])),
    samples: all.flatMap(({ samples }) => samples),
  };
}

/** Whether a parser returns the metadata of a metric without samples. */
function keepsEmptyFamilies({ parser }: ReadingContext): boolean {
  return parser === 'textparse';
}

/** The rules of the formats that have an effect on what is read. */
const isOpenMetrics = (format: FormatName): boolean => format === 'openmetrics';

/** In OpenMetrics 1.0, the name of a counter or info metric has no suffix, in contrast to its samples. */
function familyNameOf({ name, kind }: ModelFamily, { format }: ReadingContext): string {
  if (!isOpenMetrics(format)) return name;
  return kind === 'counter' ? name.slice(0, -'_total'.length) : kind === 'info' ? name.slice(0, -'_info'.length) : name;
}

function metadataOf({ help, kind, unit }: ModelFamily, { format, parser }: ReadingContext): ReadFamily {
  const type = kind === 'info' && !isOpenMetrics(format) ? 'gauge' : kind;
  return {
    type: type === 'unknown' && parser === 'expfmt' ? 'untyped' : type,
    help: format === 'text' ? helpInText(help, parser) : help,
    unit: isOpenMetrics(format) ? (unit ?? '') : '',
  };
}

/** In the text format, blanks at the start of a help text are optional, and the parsers ignore different ones. */
function helpInText(help: string, parser: GoParser): string {
  if (parser === 'expfmt') return help.replace(/^[ \t]+/, '');
  return help.replaceAll(/[ \t\0]/g, '') === '' ? '' : help;
}

function samplesOf(family: ModelFamily, series: ModelSeries, context: ReadingContext): ReadSample[] {
  const { kind, isForeign, points } = family;
  const labels = Object.fromEntries(
    family.labels.flatMap((label, index) => {
      const value = series.labelValues[index]!;
      // A label without a value doesn't exist in Prometheus's data model.
      return value === '' ? [] : [[context.escape(label), value]];
    }),
  );
  const hasStart = !isForeign && context.created && isOpenMetrics(context.format);
  const start = hasStart ? truncatedMilliseconds(series.createdMilliseconds / 1_000) : 0;
  const sample = (suffix: string, value: number, more: Partial<ReadSample> = {}): ReadSample => ({
    labels: { ...labels, __name__: context.escape(`${family.name}${suffix}`), ...more.labels },
    value: goNumber(value),
    histogram: null,
    timestamp: null,
    start,
    exemplars: more.exemplars ?? null,
  });
  const exemplarsAt = (index: number): Pick<ReadSample, 'exemplars'> => ({
    exemplars: readExemplars([series.exemplars[index]], context),
  });
  if (kind === 'histogram') {
    let count = 0;
    const buckets = series.counts.map((own, index) => {
      count += own;
      const le = formatCanonical(points[index] ?? Number.POSITIVE_INFINITY);
      return sample('_bucket', count, { labels: { le }, ...exemplarsAt(index) });
    });
    // OpenMetrics 1.0 allows no sums that can decrease.
    const mayFall = isOpenMetrics(context.format) && !(points[0]! >= 0 && series.sum >= 0);
    const totals = mayFall ? [] : [sample('_sum', series.sum), sample('_count', count)];
    return [...buckets, ...totals];
  }
  if (kind === 'summary') {
    const quantiles = series.quantiles.map((value, index) =>
      sample('', value, { labels: { quantile: formatCanonical(points[index]!) } }),
    );
    return [...quantiles, sample('_sum', series.sum), sample('_count', series.count)];
  }
  if (kind === 'info') return series.value === 0 ? [] : [{ ...sample('', 1), start: 0 }];
  return [kind === 'counter' ? sample('', series.value, exemplarsAt(0)) : { ...sample('', series.value), start: 0 }];
}

function readExemplars(
  exemplars: readonly (Exemplar | undefined)[],
  { format }: ReadingContext,
): ReadSample['exemplars'] {
  if (!isOpenMetrics(format)) return null;
  const read = exemplars.flatMap((exemplar) => {
    if (exemplar === undefined) return [];
    const { labels, value, timestampSeconds } = exemplar;
    if (Object.values(labels).some((text) => text.includes('\0'))) return [];
    return [
      {
        // Prometheus doesn't unescape the labels of exemplars in OpenMetrics 1.0.
        labels: Object.fromEntries(Object.entries(labels).map(([name, text]) => [name, escapedText(text)])),
        value: goNumber(value),
        timestamp: truncatedMilliseconds(timestampSeconds),
      },
    ];
  });
  return read.length === 0 ? null : read;
}

/** Converts a time in a text to milliseconds as Prometheus does. */
function truncatedMilliseconds(seconds: number): number {
  return Math.trunc(seconds * 1_000);
}

function escapedText(text: string): string {
  return text.replaceAll(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
