import { parseComposite } from './parse-composite.js';
import { parseNumber, type Sample, seriesKey, unescapeText } from './parse-sample.js';

const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const NAME = `(?:[a-zA-Z_:][a-zA-Z0-9_:]*|${QUOTED})`;
const LABELS = `\\{(?:${NAME}(?:=${QUOTED})?,?)*\\}`;
const METADATA = new RegExp(`^# (?:HELP|TYPE|UNIT) ${NAME} .*$`);
const SAMPLE = new RegExp(`^([a-zA-Z_:][a-zA-Z0-9_:]*)?(${LABELS})? (\\{.*?\\}|\\S+)(?: st@[\\d.]+)?(?: # .*)?$`);
const PART = new RegExp(`(${NAME})(?:=(${QUOTED}))?(?:,(?!\\})|(?=\\}))`, 'y');

/**
 * Reads the samples of any text format, with names in quotes and with composite values. Samples of composite values
 * have the names that Prometheus gives them. Rejects malformed lines and duplicate series.
 */
export function readSamples(text: string): Sample[] {
  const samples = text.split('\n').flatMap((line) => {
    if (line === '' || line === '# EOF' || METADATA.test(line)) return [];
    if (line.startsWith('#')) throw new Error(`A comment: ${line}`);
    return readLine(line);
  });
  const keys = samples.map(seriesKey);
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated !== undefined) throw new Error(`A duplicate series: ${repeated}`);
  return samples;
}

function readLine(line: string): Sample[] {
  const [, plain, braces = '{}', value = ''] = SAMPLE.exec(line) ?? [];
  const labels: [string, string][] = [];
  let name = plain;
  PART.lastIndex = 1;
  while (PART.lastIndex < braces.length - 1) {
    const [, key, text] = PART.exec(braces) ?? [];
    if (key === undefined) throw new Error(`Malformed labels: ${line}`);
    if (text !== undefined) labels.push([unquoted(key), unquoted(text)]);
    else if (name === undefined) name = unquoted(key);
    else throw new Error(`A second name: ${line}`);
  }
  if (name === undefined || new Set(labels.map(([key]) => key)).size !== labels.length) {
    throw new Error(`A malformed sample: ${line}`);
  }
  return valuesOf(value).map(([suffix, number, ...point]) => ({
    name: name + suffix,
    labels: Object.fromEntries([...labels, ...point]),
    value: number,
  }));
}

/** A part of a value: the suffix of its sample's name, the number, and the label of its bucket or quantile. */
type Part = readonly [suffix: string, value: number, ...point: (readonly [label: string, value: string])[]];

function valuesOf(text: string): Part[] {
  if (!text.startsWith('{')) return [['', numberOf(text)]];
  const { count, sum, bucket = [], quantile = [] } = parseComposite(text);
  return [
    ...bucket.map(([bound, value]): Part => ['_bucket', value, ['le', shown(bound)]]),
    ...quantile.map(([point, value]): Part => ['', value, ['quantile', shown(point)]]),
    ['_sum', sum],
    ['_count', count],
  ];
}

function shown(bound: number): string {
  return bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound);
}

function numberOf(text: string): number {
  const number = parseNumber(text);
  if (number === undefined) throw new Error(`Not a number: ${text}`);
  return number;
}

function unquoted(text: string): string {
  return text.startsWith('"') ? unescapeText(text.slice(1, -1)) : text;
}
