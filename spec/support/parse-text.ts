import { NAME, parseLabels, parseNumber, type Sample, seriesKey, unescapeText } from './parse-sample.js';

export type { Sample } from './parse-sample.js';

/** A metric with the samples that follow its HELP and TYPE lines. */
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
 * Reads the Prometheus text format 0.0.4, stricter than Prometheus does: every sample stands under its own family's
 * TYPE line, families are whole, no series is there twice, and nothing is forgiven.
 *
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseText(text: string): Family[] {
  const families = new Map<string, OpenFamily>();
  const seen = new Set<string>();
  let current: OpenFamily | undefined;
  if (text !== '' && !text.endsWith('\n')) throw new Error('The text does not end in a line feed.');
  for (const line of text.split('\n')) {
    const refuse = (problem: string): never => {
      throw new Error(`${problem}: ${line}`);
    };
    if (line === '') continue;
    if (line.startsWith('#')) {
      const [, keyword, name = '', rest = ''] = COMMENT.exec(line) ?? [];
      if (keyword === undefined) {
        if (/^#\s*(HELP|TYPE)\b/.test(line)) refuse('A malformed HELP or TYPE line');
        continue;
      }
      if (current?.name !== name) {
        if (families.has(name)) refuse('A family that was left before');
        current = { name, samples: [] };
        families.set(name, current);
      }
      if (current.samples.length > 0) refuse('A HELP or TYPE line after samples');
      if (keyword === 'HELP') {
        if (current.help !== undefined) refuse('A second HELP line');
        if (!/^(?:[^\\]|\\[\\n])*$/.test(rest)) refuse('A bad escape');
        current.help = unescapeText(rest);
      } else {
        if (current.type !== undefined) refuse('A second TYPE line');
        if (!Object.hasOwn(SUFFIXES, rest)) refuse('An unknown type');
        current.type = rest;
      }
      continue;
    }
    const sample = parseSample(line) ?? refuse('A malformed sample');
    const suffixes = SUFFIXES[current?.type ?? ''] ?? [];
    if (current === undefined || !suffixes.some((suffix) => sample.name === current?.name + suffix)) {
      return refuse('A sample outside its family');
    }
    const key = seriesKey(sample);
    if (seen.has(key)) refuse('A series that is there twice');
    seen.add(key);
    current.samples.push(sample);
  }
  return [...families.values()].map(({ help = '', type = 'untyped', ...rest }) => ({ help, type, ...rest }));
}

/** The value of the one sample with exactly these labels, if it is there. */
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
