import { formatCanonical } from '../../../lib/core/formats/escape.js';
import type { Exemplar } from '../../../lib/core/formats/family.js';
import type { NativeBuckets } from '../../../lib/core/metrics/native/native-histogram.js';
import type { FormatRules } from './format-rules.js';
import { goNumber } from './go-number.js';
import type { ReadFamily, ReadNative, ReadSample } from './go-parse.js';
import { labelsOf, type ModelFamily, type ModelSeries } from './model.js';

/** One of Prometheus's parsers. */
export type GoParser = 'textparse' | 'expfmt';

/** What is read, and how. */
export interface ReadingContext {
  readonly rules: FormatRules;
  readonly parser: GoParser;
  /** Whether the scrape requested `_created` samples. */
  readonly created: boolean;
  /** Escapes a name as the exposition does. */
  escapeName(name: string): string;
}

/** The expected content of an exposition. */
export interface ExpectedReading {
  readonly families: Readonly<Record<string, ReadFamily>>;
  readonly samples: readonly ReadSample[];
}

/** Returns what a parser reads if a registry is written correctly. */
export function expectedReading(model: readonly ModelFamily[], context: ReadingContext): ExpectedReading {
  const all = model.map((family) => ({
    name: familyNameOf(family, context),
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
function keepsEmptyFamilies({ rules, parser }: ReadingContext): boolean {
  return !rules.isProtobuf && parser === 'textparse';
}

function familyNameOf({ name: unescaped, kind }: ModelFamily, { rules, escapeName }: ReadingContext): string {
  const name = escapeName(unescaped);
  if (!rules.familiesLackSuffixes) return name;
  return kind === 'counter' ? name.slice(0, -'_total'.length) : kind === 'info' ? name.slice(0, -'_info'.length) : name;
}

function metadataOf({ help, kind, unit }: ModelFamily, { rules, parser }: ReadingContext): ReadFamily {
  const type = kind === 'info' && !rules.hasInfo ? 'gauge' : kind;
  return {
    type: type === 'unknown' && parser === 'expfmt' ? 'untyped' : type,
    help: rules.helpMayStartWithBlanks ? help : helpInText(help, parser),
    unit: rules.hasUnits ? (unit ?? '') : '',
  };
}

/** In the text format, blanks at the start of a help text are optional, and the parsers ignore different ones. */
function helpInText(help: string, parser: GoParser): string {
  if (parser === 'expfmt') return help.replace(/^[ \t]+/, '');
  return help.replaceAll(/[ \t\0]/g, '') === '' ? '' : help;
}

function samplesOf(family: ModelFamily, series: ModelSeries, context: ReadingContext): ReadSample[] {
  const { kind, isForeign, points } = family;
  const { rules } = context;
  const labels = Object.fromEntries(
    labelsOf(family, series).map(([label, value]) => [context.escapeName(label), value]),
  );
  const hasStart = rules.starts === 'always' || (rules.starts === 'on request' && context.created);
  const start =
    hasStart && !isForeign && kind !== 'info' ? rules.toMilliseconds(series.createdMilliseconds / 1_000) : 0;
  const sample = (suffix: string, value: number, more: Partial<ReadSample> = {}): ReadSample => ({
    labels: { ...labels, __name__: `${context.escapeName(family.name)}${suffix}`, ...more.labels },
    value: goNumber(value),
    histogram: null,
    timestamp: null,
    start,
    exemplars: more.exemplars ?? null,
  });
  const exemplarsAt = (index: number): Pick<ReadSample, 'exemplars'> => ({
    exemplars: readExemplars([series.exemplars[index]], rules),
  });
  if (kind === 'histogram') {
    let count = 0;
    const buckets = series.counts.map((own, index) => {
      count += own;
      const le = formatCanonical(points[index] ?? Number.POSITIVE_INFINITY);
      return sample('_bucket', count, { labels: { le }, ...exemplarsAt(index) });
    });
    const isFalling = !(points[0]! >= 0 && series.sum >= 0);
    const totals = isFalling && !rules.allowsFallingSums ? [] : [sample('_sum', series.sum), sample('_count', count)];
    if (!rules.hasNative || family.native === undefined || series.native === undefined) return [...buckets, ...totals];
    const exemplars = readExemplars(series.exemplars, rules);
    const native = { ...sample('', 0, { exemplars }), value: '', histogram: nativeOf(series, count) };
    return [native, ...buckets, ...totals];
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

function nativeOf({ native, sum }: ModelSeries, count: number): ReadNative {
  const { schema, zeroThreshold, zeroCount, positive, negative } = native!;
  const countsOf = ({ indexes, counts }: NativeBuckets): Record<string, string> =>
    Object.fromEntries(indexes.map((index, position) => [index, goNumber(counts[position]!)]));
  return {
    schema,
    zeroThreshold: goNumber(zeroThreshold),
    zeroCount: goNumber(zeroCount),
    count: goNumber(count),
    sum: goNumber(sum),
    positive: countsOf(positive),
    negative: countsOf(negative),
  };
}

function readExemplars(exemplars: readonly (Exemplar | undefined)[], rules: FormatRules): ReadSample['exemplars'] {
  if (rules.exemplarLabel === undefined) return null;
  const read = exemplars.flatMap((exemplar) => {
    if (exemplar === undefined) return [];
    const { labels, value, timestampSeconds } = exemplar;
    const texts = Object.entries(labels).map(([name, text]) => [name, rules.exemplarLabel?.(text)] as const);
    if (texts.some(([, text]) => text === undefined)) return [];
    return [
      {
        labels: Object.fromEntries(texts) as Record<string, string>,
        value: goNumber(value),
        timestamp: rules.toMilliseconds(timestampSeconds),
      },
    ];
  });
  return read.length === 0 ? null : read;
}
