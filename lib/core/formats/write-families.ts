import { formatValue } from './escape.js';
import type { Family, ReadableSeries } from './family.js';
import { type Named, typesWithoutClash } from './foreign-types.js';
import type { Format } from './format.js';
import { familyName } from './sample-names.js';
import { statedFamilies } from './stated-families.js';
import { TextBody } from './text-body.js';

/** Options of a scrape in addition to its format. */
export interface WriteOptions {
  /** Whether to write `_created` samples. Default: false. The text format has none. */
  readonly created?: boolean;
}

/** Writes the samples of one series. */
type SeriesWriter = (series: ReadableSeries) => string;

/** Writes metrics in a format, without the text that ends a scrape, such as `# EOF`. */
export function writeFamilies(families: Iterable<Family>, format: Format, options: WriteOptions = {}): TextBody {
  const body = new TextBody();
  for (const text of texts(families, format, options)) body.write(text);
  return body;
}

/**
 * The size at which a piece ends, in bytes. The series that reaches it is still part of the piece.
 *
 * A piece usually fits into the first 64 KiB of a `TextBody`.
 */
const pieceBytes = 56 * 1024;

/**
 * Writes metrics in a format, in pieces of about 56 KiB.
 *
 * If the format has a text that ends a scrape, such as `# EOF`, this text is the last piece.
 *
 * A piece is valid until the next one is requested, because the pieces share their memory. If each piece had its own
 * memory, garbage would accumulate faster than it is collected.
 *
 * @param rest Text in the same format, as UTF-8. It is written between the metrics and the text that ends the scrape.
 */
export function* writeInPieces(
  families: Iterable<Family>,
  format: Format,
  { rest, ...options }: WriteOptions & { readonly rest: Buffer },
): Generator<Buffer, void, undefined> {
  const body = new TextBody();
  const reserved = format.strict ? statedFamilies(rest) : [];
  for (const text of texts(families, format, { ...options, reserved })) {
    body.write(text);
    if (body.length < pieceBytes) continue;
    yield body.bytes;
    body.clear();
  }
  if (body.length > 0) yield body.bytes;
  for (let start = 0; start < rest.length; start += pieceBytes) yield rest.subarray(start, start + pieceBytes);
  if (format.end !== '') yield Buffer.from(format.end);
}

/**
 * Yields the header of each metric, and the samples of each of its series.
 *
 * If families need unique names, the counter `x_total` next to a gauge `x` has the type `unknown`. A metric that can't
 * be in the scrape at all is omitted, such as a gauge `x_count` next to a histogram `x`.
 */
function* texts(
  families: Iterable<Family>,
  format: Format,
  { created: isCreatedWanted, reserved = [] }: WriteOptions & { readonly reserved?: readonly Named[] },
): Generator<string, void, undefined> {
  const created = isCreatedWanted === true && format.strict;
  const all = [...families];
  const named = all.map(({ descriptor: { name, kind } }) => ({ name, type: kind }));
  const types = typesWithoutClash(named, { strict: format.strict, reserved });
  for (const [index, { descriptor: own, series }] of all.entries()) {
    const type = types[index];
    if (type === undefined) continue;
    const isUntyped = type !== own.kind;
    const descriptor = isUntyped ? { ...own, kind: 'gauge' as const } : own;
    const { name, help, unit } = own;
    yield format.header({ name, help, type, unit });
    const write = writerOf(type)(descriptor, format, created);
    for (const one of series) yield write(one);
  }
}

function writerOf(type: string): typeof valueWriter {
  if (type === 'histogram') return histogramWriter;
  return type === 'summary' ? summaryWriter : valueWriter;
}

/** Writes counters, gauges and info metrics. An info series with the value 0 is omitted. */
function valueWriter({ name, kind }: Family['descriptor'], format: Format, created: boolean): SeriesWriter {
  const family = kind === 'counter' ? familyName(name, kind) : undefined;
  return (series) => {
    const value = series.cell(0);
    if (kind === 'info' && value === 0) return '';
    const { labelText } = series;
    const labels = labelText && `{${labelText}}`;
    const exemplar = family === undefined ? '' : exemplarOf(series, 0, format);
    const text = `${name}${labels} ${kind === 'info' ? 1 : formatValue(value)}${exemplar}\n`;
    if (!created || family === undefined) return text;
    return `${text}${family}_created${labels} ${series.createdSeconds}\n`;
  };
}

/**
 * Writes histograms. Some formats require sums that never decrease. In these formats, the sum and the count of a
 * histogram with possible negative values are omitted.
 */
function histogramWriter({ name, buckets }: Family['descriptor'], format: Format, created: boolean): SeriesWriter {
  const bounds = [...buckets, Number.POSITIVE_INFINITY].map((bound) => `le="${format.bound(bound)}"} `);
  const mayFall = buckets[0]! < 0;
  return (series) => {
    const { labelText } = series;
    const labels = labelText && `{${labelText}}`;
    const before = `${name}_bucket{${labelText && `${labelText},`}`;
    let text = '';
    let count = 0;
    for (let index = 0; index < bounds.length; index++) {
      count += series.cell(index);
      text += `${before}${bounds[index]}${count}${exemplarOf(series, index, format)}\n`;
    }
    const sum = series.cell(bounds.length);
    const sumFits = !format.strict || (!mayFall && sum >= 0);
    if (sumFits) text += `${name}_sum${labels} ${formatValue(sum)}\n${name}_count${labels} ${count}\n`;
    return created ? `${text}${name}_created${labels} ${series.createdSeconds}\n` : text;
  };
}

/** Writes summaries. Formats with strict rules allow no negative numbers and no sums that can decrease. */
function summaryWriter({ name, buckets }: Family['descriptor'], format: Format, created: boolean): SeriesWriter {
  const quantiles = buckets.map((quantile) => `quantile="${format.bound(quantile)}"} `);
  return (series) => {
    const { labelText } = series;
    const labels = labelText && `{${labelText}}`;
    const before = `${name}{${labelText && `${labelText},`}`;
    let text = '';
    let mayFall = false;
    for (let index = 0; index < quantiles.length; index++) {
      const value = series.cell(index);
      if (value < 0) mayFall = true;
      if (!format.strict || !(value < 0)) text += `${before}${quantiles[index]}${formatValue(value)}\n`;
    }
    const [count, sum] = [series.cell(quantiles.length), series.cell(quantiles.length + 1)];
    const sumFits = !format.strict || (!mayFall && sum >= 0);
    if (sumFits) text += `${name}_sum${labels} ${formatValue(sum)}\n${name}_count${labels} ${count}\n`;
    return created ? `${text}${name}_created${labels} ${series.createdSeconds}\n` : text;
  };
}

function exemplarOf(series: ReadableSeries, index: number, format: Format): string {
  const exemplar = format.strict ? series.exemplar?.(index) : undefined;
  return exemplar === undefined ? '' : format.exemplar(exemplar);
}
