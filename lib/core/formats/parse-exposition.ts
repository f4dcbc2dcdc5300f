import type { NativeHistogram } from '../metrics/native/native-histogram.js';
import { numberOf, readCompositeValue } from './read-composite-value.js';

/** One sample of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** When the series started, in Unix seconds. Only OpenMetrics 2.0 contains it. */
  readonly start?: number;
  /** The native buckets of a histogram. The sample has the name of the metric, and the number of observations. */
  readonly native?: NativeHistogram;
}

const NAME = /[a-zA-Z_:][\w:]*/y;
const LABEL = /[ \t]*([a-zA-Z_]\w*|"(?:[^"\\]|\\.)*")[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*,?/sy;
const END_OF_LABELS = /[ \t]*\}/y;
const VALUE = /[ \t]+(?:\{([^}]*)\}|([^\s{]\S*))(?=\s|$)/y;
/** A timestamp, a start timestamp and exemplars. */
const REST = /(?:[ \t]+(-?[\d.]+(?:e[+-]?\d+)?))?(?:[ \t]+st@(-?[\d.]+(?:e[+-]?\d+)?))?[ \t]*(?:$|#)/iy;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/**
 * Reads all samples of a scrape in the Prometheus text format or OpenMetrics. Lines that are not samples are skipped.
 *
 * A composite value of OpenMetrics 2.0 becomes the samples of the text format. Native buckets are an additional sample.
 * Metrics with quoted names, timestamps and exemplars are ignored.
 * Sources: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format and
 * https://prometheus.io/docs/specs/om/open_metrics_spec_2_0/
 */
export function parseExposition(text: string): Sample[] {
  return text.split('\n').flatMap((line) => (line === '' || line.startsWith('#') ? [] : samplesOf(line)));
}

function samplesOf(line: string): Sample[] {
  const name = matchAt(NAME, line, 0)?.[0];
  if (name === undefined) return [];
  const pairs: [label: string, value: string][] = [];
  let at = name.length;
  if (line[at] === '{') {
    at++;
    for (let pair = matchAt(LABEL, line, at); pair !== null; pair = matchAt(LABEL, line, at)) {
      const [whole, label = '', value = ''] = pair;
      pairs.push([label.startsWith('"') ? unescaped(label.slice(1, -1)) : label, unescaped(value)]);
      at += whole.length;
    }
    const end = matchAt(END_OF_LABELS, line, at);
    if (end === null) return [];
    at += end[0].length;
  }
  const value = matchAt(VALUE, line, at);
  const rest = value && matchAt(REST, line, at + value[0].length);
  if (!rest) return [];
  const start = numberOf(rest[2] ?? '');
  const facts = { labels: Object.fromEntries(pairs), ...(start === undefined ? {} : { start }) };
  if (value[1] !== undefined) return compositeSamples(name, value[1], facts);
  const number = numberOf(value[2] ?? '');
  return number === undefined ? [] : [{ name, value: number, ...facts }];
}

function compositeSamples(name: string, text: string, facts: Pick<Sample, 'labels' | 'start'>): Sample[] {
  const value = readCompositeValue(text);
  if (value === undefined) return [];
  const { count, sum, buckets, quantiles, native } = value;
  const labelled = (label: string, [key, number]: readonly [string, number]): Omit<Sample, 'name'> => ({
    ...facts,
    labels: { ...facts.labels, [label]: key },
    value: number,
  });
  return [
    ...buckets.map((bucket) => ({ name: `${name}_bucket`, ...labelled('le', bucket) })),
    ...quantiles.map((quantile) => ({ name, ...labelled('quantile', quantile) })),
    ...(sum === undefined ? [] : [{ name: `${name}_sum`, value: sum, ...facts }]),
    ...(count === undefined ? [] : [{ name: `${name}_count`, value: count, ...facts }]),
    ...(native === undefined ? [] : [{ name, value: count ?? 0, ...facts, native }]),
  ];
}

function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/gs, (whole, character: string) => ESCAPES[character] ?? whole);
}
