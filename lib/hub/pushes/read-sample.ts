import type { Label } from './label-set.js';
import type { LineCursor } from './line-cursor.js';
import { excerpt, rejectAt } from './push-refused.js';
import { LabelReader, metricName } from './pushed-names.js';
import { readNumber } from './read-number.js';

/** A text format: Prometheus 0.0.4 and 1.0.0, or OpenMetrics 1.0. */
export type Dialect = 'text' | 'openmetrics';

/** A sample line. */
export interface TextSample {
  readonly name: string;
  readonly labels: readonly Label[];
  readonly value: number;
  /** The line number, starting at 1. */
  readonly line: number;
}

/** Reads `name{label="value"} 1`, or `{"name", label="value"} 1` for a UTF-8 name. */
export function readSample(cursor: LineCursor, dialect: Dialect): TextSample {
  const { line } = cursor;
  const reader = new LabelReader(line);
  reader.metric = cursor.name(true);
  cursor.skipBlanks();
  if (cursor.isNext('{')) readBraces(cursor, reader);
  const { metric: name, labels } = reader;
  if (name === '') reject(cursor, 'expected a metric name');
  cursor.skipBlanks();
  const value = readValue(cursor, name);
  cursor.skipBlanks();
  if (!cursor.isAtEnd) readAfterValue(cursor, dialect);
  return { name, labels, value, line };
}

/** Reads labels up to the closing brace. The first entry can be the metric name in quotes. */
function readBraces(cursor: LineCursor, reader: LabelReader): void {
  cursor.take('{');
  for (;;) {
    cursor.skipBlanks();
    if (cursor.take('}')) return;
    const key = cursor.isNext('"') ? cursor.quoted() : cursor.name(reader.metric === '');
    if (key === undefined || key === '') reject(cursor, 'malformed labels, expected a label name or }');
    cursor.skipBlanks();
    if (cursor.take('=')) {
      cursor.skipBlanks();
      if (!cursor.isNext('"')) reject(cursor, `malformed labels, expected a quoted value of ${excerpt(key)}`);
      const value = cursor.quoted();
      if (value === undefined)
        reject(cursor, `malformed labels, the value of ${excerpt(key)} has no closing quote or an invalid escape`);
      reader.add(key, value);
    } else if (reader.metric === '' && reader.labels.length === 0) reader.metric = metricName(key, reader.place);
    else reject(cursor, `malformed labels, expected = after ${excerpt(key)}`);
    cursor.skipBlanks();
    if (!cursor.take(',') && !cursor.isNext('}'))
      reject(cursor, `malformed labels, expected , or } after ${excerpt(key)}`);
  }
}

function readValue(cursor: LineCursor, name: string): number {
  if (cursor.isAtEnd) return reject(cursor, `expected labels or a value after ${excerpt(name)}`);
  const written = cursor.token();
  return readNumber(written) ?? rejectAt(400, cursor.line, `the value ${excerpt(written)} is not a number`);
}

/** Rejects a timestamp. In OpenMetrics a sample can have an exemplar, which is checked and dropped. */
function readAfterValue(cursor: LineCursor, dialect: Dialect): void {
  if (dialect === 'text' || !cursor.isNext('#')) {
    const isTimestamp = readNumber(cursor.token()) !== undefined;
    reject(cursor, isTimestamp ? 'a timestamp; pushed samples must not have timestamps' : 'expected one value');
  }
  cursor.take('#');
  cursor.skipBlanks();
  if (!cursor.isNext('{')) reject(cursor, 'expected the labels of an exemplar');
  const exemplar = new LabelReader(cursor.line);
  exemplar.metric = 'exemplar';
  readBraces(cursor, exemplar);
  cursor.skipBlanks();
  readValue(cursor, 'the exemplar');
  cursor.skipBlanks();
  if (cursor.isAtEnd) return;
  const isTimestamp = readNumber(cursor.token()) !== undefined;
  cursor.skipBlanks();
  if (!isTimestamp || !cursor.isAtEnd) reject(cursor, 'expected the timestamp of an exemplar');
}

function reject(cursor: LineCursor, problem: string): never {
  rejectAt(400, cursor.line, `${problem}: ${excerpt(cursor.text)}`);
}
