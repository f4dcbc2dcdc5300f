import type { Label } from './label-set.js';
import type { LineCursor } from './line-cursor.js';
import { refuseAt, shown } from './push-refused.js';
import { LabelReader, metricName } from './pushed-names.js';
import { readNumber } from './read-number.js';

/** The text formats: Prometheus 0.0.4 and 1.0.0, or OpenMetrics 1.0. */
export type Dialect = 'text' | 'openmetrics';

/** A sample line. */
export interface TextSample {
  readonly name: string;
  readonly labels: readonly Label[];
  readonly value: number;
  /** Counted from 1. */
  readonly line: number;
}

/** Reads `name{label="value"} 1`, or `{"name", label="value"} 1` for a name in UTF-8. */
export function readSample(cursor: LineCursor, dialect: Dialect): TextSample {
  const { line } = cursor;
  const reader = new LabelReader(line);
  reader.metric = cursor.name(true);
  cursor.skipBlanks();
  if (cursor.isNext('{')) readBraces(cursor, reader);
  const { metric: name, labels } = reader;
  if (name === '') refuse(cursor, 'expected a metric name');
  cursor.skipBlanks();
  const value = readValue(cursor, name);
  cursor.skipBlanks();
  if (!cursor.isAtEnd) readBehindValue(cursor, dialect);
  return { name, labels, value, line };
}

/** Reads labels up to the closing brace. The first entry can be the metric's name in quotes. */
function readBraces(cursor: LineCursor, reader: LabelReader): void {
  cursor.take('{');
  for (;;) {
    cursor.skipBlanks();
    if (cursor.take('}')) return;
    const key = cursor.isNext('"') ? cursor.quoted() : cursor.name(reader.metric === '');
    if (key === undefined || key === '') refuse(cursor, 'malformed labels, expected a label name or }');
    cursor.skipBlanks();
    if (cursor.take('=')) {
      cursor.skipBlanks();
      if (!cursor.isNext('"')) refuse(cursor, `malformed labels, expected a quoted value of ${shown(key)}`);
      const value = cursor.quoted();
      if (value === undefined)
        refuse(cursor, `malformed labels, the value of ${shown(key)} has no end or a bad escape`);
      reader.add(key, value);
    } else if (reader.metric === '' && reader.labels.length === 0) reader.metric = metricName(key, reader.place);
    else refuse(cursor, `malformed labels, expected = after ${shown(key)}`);
    cursor.skipBlanks();
    if (!cursor.take(',') && !cursor.isNext('}'))
      refuse(cursor, `malformed labels, expected , or } after ${shown(key)}`);
  }
}

function readValue(cursor: LineCursor, name: string): number {
  if (cursor.isAtEnd) return refuse(cursor, `expected labels or a value after ${shown(name)}`);
  const written = cursor.token();
  return readNumber(written) ?? refuseAt(400, cursor.line, `the value ${shown(written)} is not a number`);
}

/** A pushed sample has no timestamp. In OpenMetrics it can have an exemplar, which is checked and dropped. */
function readBehindValue(cursor: LineCursor, dialect: Dialect): void {
  if (dialect === 'text' || !cursor.isNext('#')) {
    const isTimestamp = readNumber(cursor.token()) !== undefined;
    refuse(cursor, isTimestamp ? 'a timestamp; pushed samples have none' : 'expected one value');
  }
  cursor.take('#');
  cursor.skipBlanks();
  if (!cursor.isNext('{')) refuse(cursor, 'expected the labels of an exemplar');
  const exemplar = new LabelReader(cursor.line);
  exemplar.metric = 'exemplar';
  readBraces(cursor, exemplar);
  cursor.skipBlanks();
  readValue(cursor, 'the exemplar');
  cursor.skipBlanks();
  if (cursor.isAtEnd) return;
  const isTimestamp = readNumber(cursor.token()) !== undefined;
  cursor.skipBlanks();
  if (!isTimestamp || !cursor.isAtEnd) refuse(cursor, 'expected the timestamp of an exemplar');
}

function refuse(cursor: LineCursor, problem: string): never {
  refuseAt(400, cursor.line, `${problem}: ${shown(cursor.text)}`);
}
