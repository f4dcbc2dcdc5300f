import { isUtf8 } from 'node:buffer';
import { LineCursor } from './line-cursor.js';
import { Pace, type Paced, runAtOnce } from './paced.js';
import { PushRefused, refuseAt, shown } from './push-refused.js';
import { metricName } from './pushed-names.js';
import { type Dialect, readSample, type TextSample } from './read-sample.js';
import { TextFamilies, type TextFamily, type TextType } from './text-families.js';

export type { TextFamily, TextSample, TextType };

/**
 * Reads the Prometheus text formats 0.0.4 and 1.0.0 as a Pushgateway does. Refuses timestamps.
 *
 * Blanks are free, lines end in `\n` only, and the lines of several metrics can be mixed. A line has at most 64 KiB, a
 * series at most 256 labels. A name in UTF-8 gets `_` for each character that the format 0.0.4 does not allow.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * @throws {PushRefused} with status 400 or 413. The message starts with the line.
 */
export function parseText(text: string): TextFamily[] {
  return runAtOnce(readText(Buffer.from(text), 'text', new Pace()));
}

/**
 * Reads a text in steps, like {@link parseText}, or OpenMetrics 1.0, which ends in `# EOF`.
 *
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function* readText(bytes: Buffer, dialect: Dialect, pace: Pace): Paced<TextFamily[]> {
  if (!isUtf8(bytes)) refuseEncoding(bytes);
  const isOpenMetrics = dialect === 'openmetrics';
  const families = new TextFamilies(isOpenMetrics, bytes.length);
  const cursor = new LineCursor(bytes);
  let hasEnded = false;
  while (cursor.nextLine()) {
    if (pace.spend(cursor.size)) yield;
    const { line } = cursor;
    if (hasEnded) refuseAt(400, line, 'text after # EOF');
    cursor.skipBlanks();
    if (cursor.isAtEnd) continue;
    if (isOpenMetrics && cursor.text === '# EOF') {
      hasEnded = true;
      continue;
    }
    if (!cursor.isTerminated) refuseAt(400, line, 'the last line does not end in a line feed');
    if (cursor.take('#')) readComment(cursor, families);
    else families.add(readSample(cursor, dialect));
  }
  if (isOpenMetrics && !hasEnded) {
    refuseAt(400, cursor.line, 'the last line of OpenMetrics must be # EOF; without it the push may be incomplete');
  }
  return yield* families.converted(pace);
}

/** Reads `# HELP name text` and `# TYPE name type`; without a name they are ordinary comments. */
function readComment(cursor: LineCursor, families: TextFamilies): void {
  const { line } = cursor;
  cursor.skipBlanks();
  const keyword = cursor.token();
  cursor.skipBlanks();
  if ((keyword !== 'HELP' && keyword !== 'TYPE') || cursor.isAtEnd) return;
  const written = cursor.isNext('"') ? cursor.quoted() : cursor.name(true);
  if (written === undefined || written === '' || !cursor.isAtBlank) {
    refuseAt(400, line, `expected a metric name: ${shown(cursor.text)}`);
  }
  const name = metricName(written, line);
  if (cursor.isAtEnd) return;
  cursor.skipBlanks();
  if (cursor.isAtEnd) families.mention(name, line);
  else if (keyword === 'TYPE') families.setType(name, cursor.rest().trimEnd(), line);
  else {
    const help = cursor.unescapedRest();
    if (help === undefined) refuseAt(400, line, `the HELP of ${name} has a backslash not before \\, " or n`);
    families.setHelp(name, help, line);
  }
}

function refuseEncoding(bytes: Buffer): never {
  const cursor = new LineCursor(bytes);
  while (cursor.nextLine() && cursor.isUtf8);
  throw new PushRefused(400, `line ${cursor.line}: the text is not UTF-8`);
}
