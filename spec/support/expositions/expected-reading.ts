import { formatCanonical } from '../../../lib/core/formats/escape.js';
import type { Exemplar } from '../../../lib/core/formats/family.js';
import type { NativeBuckets } from '../../../lib/core/metrics/native/native-histogram.js';
import type { FormatRules, GoParser } from './format-rules.js';
import { goNumber } from './go-number.js';
import type { ReadFamily, ReadNative, ReadSample } from './go-parse.js';
import { labelsOf, type ModelFamily, type ModelSeries } from './model.js';

/** How an exposition is written and read. */
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
    name: context.rules.familiesLackSuffixes ? shortName(family, context) : context.escapeName(family.name),
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

/** The escaped name without the suffix of its samples. */
function shortName({ name, kind }: ModelFamily, { escapeName }: ReadingContext): string {
  const suffix = kind === 'counter' ? '_total' : kind === 'info' ? '_info' : '';
  const escaped = escapeName(name);
  return escaped.slice(0, escaped.length - suffix.length);
}

function metadataOf(family: ModelFamily, context: ReadingContext): ReadFamily {
  const { help, kind, unit } = family;
  const { rules, parser } = context;
  const type = kind === 'info' && !rules.hasInfo ? 'gauge' : kind;
  // Prometheus rejects a unit that is not at the end of the name, which can change when the name is escaped.
  const hasUnit = rules.hasUnits && unit !== undefined && shortName(family, context).endsWith(`_${unit}`);
  return {
    type: type === 'unknown' && parser === 'expfmt' ? 'untyped' : type,
    help: rules.readHelp(help, parser),
    unit: hasUnit ? unit : '',
  };
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
