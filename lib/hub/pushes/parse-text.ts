import { isUtf8 } from 'node:buffer';
import { LineCursor } from './line-cursor.js';
import { excerpt, PushRefused, rejectAt } from './push-refused.js';
import { metricName } from './pushed-names.js';
import { type Dialect, readSample, type TextSample } from './read-sample.js';
import { Pace, runWithoutPauses, type SlicedWork } from './sliced-work.js';
import { TextFamilies, type TextFamily, type TextType } from './text-families.js';

export type { TextFamily, TextSample, TextType };

/**
 * Parses the Prometheus text formats 0.0.4 and 1.0.0 like a Pushgateway. Rejects timestamps.
 *
 * Additional blanks are allowed. Only `\n` ends a line. The lines of several metrics can be interleaved. A line has at
 * most 64 KiB, and a series at most 256 labels. In a UTF-8 name, `_` replaces each character that format 0.0.4 does not
 * allow.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * @throws {PushRefused} with status 400 or 413. The message of a 400 starts with the line number, such as `line 3`.
 */
export function parseText(text: string): TextFamily[] {
  return runWithoutPauses(readText(Buffer.from(text), 'text', new Pace()));
}

/**
 * Parses a text in slices. The `dialect` is the text format, as in {@link parseText}, or OpenMetrics 1.0. A text in
 * OpenMetrics must end in `# EOF`.
 *
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function* readText(bytes: Buffer, dialect: Dialect, pace: Pace): SlicedWork<TextFamily[]> {
  if (!isUtf8(bytes)) rejectEncoding(bytes);
  const isOpenMetrics = dialect === 'openmetrics';
  const families = new TextFamilies(isOpenMetrics, bytes.length);
  const cursor = new LineCursor(bytes);
  let hasEnded = false;
  while (cursor.nextLine()) {
    if (pace.spend(cursor.size)) yield;
    const { line } = cursor;
    if (hasEnded) rejectAt(400, line, 'text after # EOF');
    cursor.skipBlanks();
    if (cursor.isAtEnd) continue;
    if (isOpenMetrics && cursor.text === '# EOF') {
      hasEnded = true;
      continue;
    }
    if (!cursor.isTerminated) rejectAt(400, line, 'the last line does not end in a line feed');
    if (cursor.take('#')) readComment(cursor, families);
    else families.add(readSample(cursor, dialect));
  }
  if (isOpenMetrics && !hasEnded) {
    rejectAt(400, cursor.line, 'the last line of OpenMetrics must be # EOF; without it the push may be incomplete');
  }
  return yield* families.converted(pace);
}

/** Reads `# HELP name text` and `# TYPE name type`. A line without a name is a comment. */
function readComment(cursor: LineCursor, families: TextFamilies): void {
  const { line } = cursor;
  cursor.skipBlanks();
  const keyword = cursor.token();
  cursor.skipBlanks();
  if ((keyword !== 'HELP' && keyword !== 'TYPE') || cursor.isAtEnd) return;
  const written = cursor.isNext('"') ? cursor.quoted() : cursor.name(true);
  if (written === undefined || written === '' || !cursor.isAtBlank) {
    rejectAt(400, line, `expected a metric name: ${excerpt(cursor.text)}`);
  }
  const name = metricName(written, line);
  if (cursor.isAtEnd) return;
  cursor.skipBlanks();
  if (cursor.isAtEnd) families.mention(name, line);
  else if (keyword === 'TYPE') families.setType(name, cursor.rest().trimEnd(), line);
  else {
    const help = cursor.unescapedRest();
    if (help === undefined) rejectAt(400, line, `the HELP of ${name} has an invalid escape; expected \\\\, \\" or \\n`);
    families.setHelp(name, help, line);
  }
}

function rejectEncoding(bytes: Buffer): never {
  const cursor = new LineCursor(bytes);
  while (cursor.nextLine() && cursor.isUtf8);
  throw new PushRefused(400, `line ${cursor.line}: the text is not UTF-8`);
}
