import type { Family } from './family.js';
import type { Named } from './foreign-types.js';
import type { Escaping, Format } from './format.js';
import { scrapeNames } from './scrape-names.js';
import { equalLabels, seriesLabels } from './series-labels.js';
import { seriesWriter } from './series-writer.js';
import { statedFamilies } from './stated-families.js';
import { TextBody } from './text-body.js';

/** Options of a scrape in addition to its format. */
export interface WriteOptions {
  /** Whether to write `_created` samples. Default: false. Only OpenMetrics 1.0 has them. */
  readonly created?: boolean;
  /** How to write names that are not plain. Default: `underscores`. */
  readonly escaping?: Escaping;
}

/** Writes metrics in a format, without the text that ends a scrape, such as `# EOF`. */
export function writeFamilies(families: Iterable<Family>, format: Format, options: WriteOptions = {}): TextBody {
  const body = new TextBody();
  for (const text of texts(families, format, options)) body.write(text);
  return body;
}

/** Returns the way to write names in a format. If it has no quoted names, `allow-utf-8` means `underscores`. */
export function escapingIn({ hasQuotedNames }: Format, escaping: Escaping = 'underscores'): Escaping {
  return escaping === 'allow-utf-8' && !hasQuotedNames ? 'underscores' : escaping;
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
  const reserved = format.hasShortNames ? statedFamilies(rest) : [];
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
 * be in the scrape at all is omitted, such as a gauge `x_count` next to a histogram `x`, or a gauge `a.b` next to a
 * gauge `a_b` if names are escaped. A comment names it.
 */
function* texts(
  families: Iterable<Family>,
  format: Format,
  { created = false, escaping: requested, reserved = [] }: WriteOptions & { readonly reserved?: readonly Named[] },
): Generator<string, void, undefined> {
  const escaping = escapingIn(format, requested);
  const all = [...families];
  const names = scrapeNames(
    all.map(({ descriptor: { name, kind } }) => ({ name, type: kind })),
    { strict: format.hasShortNames, reserved, escaping },
  );
  for (const [index, family] of all.entries()) {
    const { name, type } = names[index]!;
    const { descriptor } = family;
    if (type === undefined) {
      const reason = `its name in this scrape, ${name}, is the name of another metric`;
      yield format.comment(`The metric ${descriptor.name} is not in this scrape, because ${reason}.`);
      continue;
    }
    const { help, unit } = descriptor;
    yield format.header({ name, help, type, unit });
    const write = seriesWriter(descriptor, { name, type, format, created });
    const labelsOf = seriesLabels(family, escaping);
    let omitted = 0;
    for (const one of family.series) {
      const labels = labelsOf(one.labelText);
      if (labels === undefined) omitted++;
      else yield write(one, labels);
    }
    if (omitted > 0) yield format.comment(equalLabels(descriptor.name, omitted));
  }
}
