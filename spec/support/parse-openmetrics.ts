import { NAME, parseLabels, parseNumber, type Sample, seriesKey, unescapeText } from './parse-sample.js';

/** One sample line, with its exemplar if it has one. */
export interface OpenMetricsSample extends Sample {
  readonly exemplar?: Omit<Sample, 'name'> & { readonly timestampSeconds?: number };
}

/** A metric family and its samples. */
export interface OpenMetricsFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly help: string;
  readonly samples: readonly OpenMetricsSample[];
}

interface Rules {
  readonly suffixes: readonly string[];
  /** The suffixes of samples that are counts. They are neither negative nor NaN. */
  readonly counts?: readonly string[];
  /** The suffixes of samples that may have an exemplar. */
  readonly exemplars?: readonly string[];
}

const RULES: Readonly<Record<string, Rules>> = {
  counter: { suffixes: ['_total', '_created'], counts: ['_total'], exemplars: ['_total'] },
  gauge: { suffixes: [''] },
  unknown: { suffixes: [''] },
  info: { suffixes: ['_info'] },
  histogram: {
    suffixes: ['_bucket', '_sum', '_count', '_created'],
    counts: ['_bucket', '_sum', '_count'],
    exemplars: ['_bucket'],
  },
  summary: { suffixes: ['', '_sum', '_count', '_created'], counts: ['', '_sum', '_count'] },
};
const METADATA = new RegExp(`^# (TYPE|UNIT|HELP) (${NAME}) (.*)$`, 's');
const LABELS = '\\{((?:[^"{}]|"(?:[^"\\\\]|\\\\.)*")*)\\}';
const SAMPLE = new RegExp(`^(${NAME})(?:${LABELS})? (\\S+)(?: # ${LABELS} (\\S+)(?: (\\S+))?)?$`, 's');
const CANONICAL = /^(?:-?(?:\d+\.\d+|\d(?:\.\d+)?e(?:-\d\d+|\+\d\d+))|\+Inf)$/;

/**
 * Parses OpenMetrics 1.0 strictly. Metadata comes first, families and series are not interleaved, names and series are
 * unique, and every sample follows the rules of its type.
 *
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function parseOpenMetrics(text: string): OpenMetricsFamily[] {
  const end = '# EOF\n';
  if (!text.endsWith(end)) throw new Error('The text does not end in # EOF.');
  const lines = text.slice(0, -end.length).split('\n');
  if (lines.pop() !== '') throw new Error('# EOF is not on a line of its own.');
  const reader = new Reader();
  for (const line of lines) reader.read(line);
  return reader.finish();
}

class Reader {
  readonly #families: OpenMetricsFamily[] = [];
  readonly #names = new Set<string>();
  readonly #series = new Set<string>();
  #metadata: Record<string, string> = {};
  #name: string | undefined;
  #samples: OpenMetricsSample[] = [];

  read(line: string): void {
    if (line.startsWith('#')) this.#readMetadata(line);
    else this.#readSample(line);
  }

  finish(): OpenMetricsFamily[] {
    this.#close();
    return this.#families;
  }

  #readMetadata(line: string): void {
    const [, keyword = '', name, rest = ''] = METADATA.exec(line) ?? fail('An invalid metadata line', line);
    if (name !== this.#name) {
      this.#close();
      this.#name = name;
    }
    if (this.#samples.length > 0) fail('Metadata after samples', line);
    if (keyword in this.#metadata) fail('Duplicate metadata', line);
    if (keyword === 'HELP' && !/^(?:[^\\"]|\\[\\n"])*$/.test(rest)) fail('A bad escape', line);
    this.#metadata[keyword] = rest;
  }

  #readSample(line: string): void {
    const [, name = '', labels = '', number = '', about, cause = '', time] =
      SAMPLE.exec(line) ?? fail('A malformed sample', line);
    const sample = { name, labels: labelsOf(labels, line), value: numberOf(number, line) };
    const key = seriesKey(sample);
    if (this.#series.has(key)) fail('A duplicate series', line);
    this.#series.add(key);
    if (about === undefined) {
      this.#samples.push(sample);
    } else {
      const timestamp = time === undefined ? {} : { timestampSeconds: numberOf(time, line) };
      const exemplar = { labels: labelsOf(about, line), value: numberOf(cause, line), ...timestamp };
      this.#samples.push({ ...sample, exemplar });
    }
  }

  #close(): void {
    const name = this.#name;
    if (name === undefined) {
      if (this.#samples.length > 0) throw new Error('Samples before any metadata.');
      return;
    }
    const { TYPE: type = 'unknown', UNIT: unit = '', HELP: help = '' } = this.#metadata;
    const family = { name, type, unit, help: unescapeText(help), samples: this.#samples };
    checkFamily(family);
    for (const suffix of new Set(['', ...(RULES[type]?.suffixes ?? [])])) {
      if (this.#names.has(name + suffix)) throw new Error(`Two families use the name ${name + suffix}.`);
      this.#names.add(name + suffix);
    }
    this.#families.push(family);
    this.#metadata = {};
    this.#samples = [];
  }
}

function checkFamily({ name, type, unit, samples }: OpenMetricsFamily): void {
  const rules = RULES[type] ?? fail('An unknown type', type);
  if (unit !== '' && (type === 'info' || !name.endsWith(`_${unit}`)))
    fail('A unit that is not the end of the name', name);
  const groups = new Map<string, OpenMetricsSample[]>();
  let last: string | undefined;
  for (const sample of samples) {
    const suffix = sample.name.slice(name.length);
    const what = `${sample.name} ${JSON.stringify(sample)}`;
    if (!sample.name.startsWith(name) || !rules.suffixes.includes(suffix)) fail('A sample outside its family', what);
    const isQuantile = type === 'summary' && suffix === '';
    if (rules.counts?.includes(suffix) && !(sample.value >= 0 || (isQuantile && Number.isNaN(sample.value)))) {
      fail('A count below zero', what);
    }
    if (['_bucket', '_count'].includes(suffix) && !Number.isInteger(sample.value))
      fail('A number that is not an integer', what);
    if (type === 'info' && sample.value !== 1) fail('An info metric with a value other than 1', what);
    if (sample.exemplar && !rules.exemplars?.includes(suffix))
      fail('An exemplar on a sample that may not have one', what);
    const characters = Object.entries(sample.exemplar?.labels ?? {})
      .flat()
      .join('');
    if ([...characters].length > 128) fail('An exemplar that is too long', what);
    const point = suffix === '_bucket' ? 'le' : isQuantile ? 'quantile' : '';
    if (point !== '' && !CANONICAL.test(sample.labels[point] ?? ''))
      fail('A bound or quantile in a non-canonical form', what);
    const group = groupOf(sample, name, point);
    const series = groups.get(group) ?? [];
    if (group !== last && series.length > 0) fail('A series whose samples are not consecutive', what);
    series.push(sample);
    groups.set(group, series);
    last = group;
  }
  if (type === 'histogram') for (const series of groups.values()) checkHistogram(name, series);
}

/**
 * The identity of the series of a sample: all labels except `point`, which differs between the samples of the series.
 */
function groupOf({ labels }: Sample, name: string, point: string): string {
  const { [point]: _, ...rest } = labels;
  return seriesKey({ name, labels: rest });
}

function checkHistogram(name: string, samples: readonly OpenMetricsSample[]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => parseNumber(labels.le ?? '') ?? Number.NaN);
  const inOrder = buckets.every(({ value, exemplar }, index) => {
    const fits = exemplar === undefined || exemplar.value <= bounds[index]!;
    return fits && (index === 0 || (bounds[index]! > bounds[index - 1]! && value >= buckets[index - 1]!.value));
  });
  if (!inOrder || bounds.at(-1) !== Number.POSITIVE_INFINITY) fail('Buckets out of order', name);
  const sum = samples.find((sample) => sample.name === `${name}_sum`);
  const count = samples.find((sample) => sample.name === `${name}_count`);
  if ((sum === undefined) !== (count === undefined)) fail('A sum without a count, or a count without a sum', name);
  if (sum !== undefined && bounds[0]! < 0) fail('A sum although a bound is negative', name);
  if (count !== undefined && count.value !== buckets.at(-1)?.value)
    fail('A count that differs from the +Inf bucket', name);
}

function labelsOf(text: string, line: string): Record<string, string> {
  return parseLabels(text) ?? fail('Malformed labels', line);
}

function numberOf(text: string, line: string): number {
  return parseNumber(text) ?? fail('A malformed number', line);
}

function fail(problem: string, where: string): never {
  throw new Error(`${problem}: ${where}`);
}
