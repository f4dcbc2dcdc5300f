import { NAME, parseLabels, parseNumber, type Sample, seriesKey, unescapeText } from './parse-sample.js';

export type { Sample } from './parse-sample.js';

/** A metric family with its samples. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

interface OpenFamily {
  readonly name: string;
  help?: string;
  type?: string;
  readonly samples: Sample[];
}

const COMMENT = new RegExp(`^# (HELP|TYPE) (${NAME}) ?(.*)$`, 's');
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`, 's');
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  untyped: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/**
 * Parses the Prometheus text format 0.0.4, more strictly than Prometheus does. Every sample follows the TYPE line of
 * its family, families are not interleaved, and series are unique.
 *
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseText(text: string): Family[] {
  const families = new Map<string, OpenFamily>();
  const seen = new Set<string>();
  let current: OpenFamily | undefined;
  if (text !== '' && !text.endsWith('\n')) throw new Error('The text does not end in a line feed.');
  for (const line of text.split('\n')) {
    const fail = (problem: string): never => {
      throw new Error(`${problem}: ${line}`);
    };
    if (line === '') continue;
    if (line.startsWith('#')) {
      const [, keyword, name = '', rest = ''] = COMMENT.exec(line) ?? [];
      if (keyword === undefined) {
        if (/^#\s*(HELP|TYPE)\b/.test(line)) fail('A malformed HELP or TYPE line');
        continue;
      }
      if (current?.name !== name) {
        if (families.has(name)) fail('A family whose lines are not consecutive');
        current = { name, samples: [] };
        families.set(name, current);
      }
      if (current.samples.length > 0) fail('A HELP or TYPE line after samples');
      if (keyword === 'HELP') {
        if (current.help !== undefined) fail('A second HELP line');
        if (!/^(?:[^\\]|\\[\\n])*$/.test(rest)) fail('A bad escape');
        current.help = unescapeText(rest);
      } else {
        if (current.type !== undefined) fail('A second TYPE line');
        if (!Object.hasOwn(SUFFIXES, rest)) fail('An unknown type');
        current.type = rest;
      }
      continue;
    }
    const sample = parseSample(line) ?? fail('A malformed sample');
    const suffixes = SUFFIXES[current?.type ?? ''] ?? [];
    if (current === undefined || !suffixes.some((suffix) => sample.name === current?.name + suffix)) {
      return fail('A sample outside its family');
    }
    const key = seriesKey(sample);
    if (seen.has(key)) fail('A duplicate series');
    seen.add(key);
    current.samples.push(sample);
  }
  return [...families.values()].map(({ help = '', type = 'untyped', ...rest }) => ({ help, type, ...rest }));
}

/** The value of the sample with exactly these labels. Undefined if there is none. */
export function sampleValue(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  for (const { samples } of parseText(text)) {
    for (const sample of samples) {
      if (sample.name === name && JSON.stringify(Object.entries(sample.labels).sort()) === wanted) return sample.value;
    }
  }
  return undefined;
}

function parseSample(line: string): Sample | undefined {
  const [, name, between, number = ''] = SAMPLE.exec(line) ?? [];
  const labels = between === undefined ? {} : parseLabels(between);
  const value = parseNumber(number);
  return name === undefined || labels === undefined || value === undefined ? undefined : { name, labels, value };
}
