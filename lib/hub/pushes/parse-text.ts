import { type Label, readLabels } from './label-set.js';
import { refuseLine } from './push-refused.js';

/** The types of the text format. */
export type TextType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';

/** A sample line. */
export interface TextSample {
  readonly name: string;
  readonly labels: readonly Label[];
  readonly value: number;
  /** Counted from 1. */
  readonly line: number;
}

/** A metric with the samples that belong to it. */
export interface TextFamily {
  readonly name: string;
  readonly type: TextType;
  readonly help: string;
  /** Where it is first spoken of. */
  readonly line: number;
  readonly samples: readonly TextSample[];
}

interface OpenFamily {
  readonly name: string;
  type?: TextType;
  help?: string;
  readonly line: number;
  readonly samples: TextSample[];
}

const LONGEST_LINE = 65_536;
const SUFFIXES: Readonly<Record<string, readonly TextType[]>> = {
  _bucket: ['histogram'],
  _sum: ['histogram', 'summary'],
  _count: ['histogram', 'summary'],
};
const TYPES: readonly string[] = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const COMMENT = /^#[ \t]*(HELP|TYPE)[ \t]+(\S+)(?:[ \t]+(.*))?$/;
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const VALUE = /^[ \t]*(\S+)[ \t]*$/;
const TIMESTAMP = /^[ \t]*\S+[ \t]+-?\d+[ \t]*$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads the Prometheus text format 0.0.4 as a Pushgateway does: white space is free, families may be interleaved,
 * timestamps are refused.
 *
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * @throws {PushRefused} with status 400 and the line.
 */
export function parseText(text: string): TextFamily[] {
  const families = new Map<string, OpenFamily>();
  const lines = text.split('\n');
  if (lines.pop() !== '') refuseLine(400, lines.length + 1, 'the last line does not end in a line feed');
  lines.forEach((line, index) => {
    const number = index + 1;
    if (line.length > LONGEST_LINE) {
      refuseLine(400, number, `${line.length} characters; expected at most ${LONGEST_LINE}`);
    }
    if (/^[ \t]*$/.test(line)) return;
    if (line.startsWith('#')) readComment(line, number, families);
    else {
      const sample = readSample(line, number);
      familyOf(sample, families).samples.push(sample);
    }
  });
  return [...families.values()].map(({ type = 'untyped', help = '', ...rest }) => ({ ...rest, type, help }));
}

function readComment(line: string, number: number, families: Map<string, OpenFamily>): void {
  if (!/^#[ \t]*(HELP|TYPE)([ \t]|$)/.test(line)) return;
  const [, keyword = '', name = '', rest = ''] = COMMENT.exec(line) ?? [];
  if (NAME.exec(name)?.[0] !== name || name === '') refuseLine(400, number, `expected a metric name: ${shown(line)}`);
  const family = open(name, number, families);
  if (keyword === 'HELP') {
    if (family.help !== undefined) refuseLine(400, number, `a second HELP of ${name}`);
    if (!/^(?:[^\\]|\\[\\n])*$/.test(rest))
      refuseLine(400, number, `the HELP of ${name} has a backslash not before \\ or n`);
    family.help = rest.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    return;
  }
  const type = rest.trim();
  if (family.type !== undefined) refuseLine(400, number, `a second TYPE of ${name}`);
  if (family.samples.length > 0) refuseLine(400, number, `the TYPE of ${name} comes after its samples`);
  if (!TYPES.includes(type)) refuseLine(400, number, `type ${shown(type)}; expected one of ${TYPES.join(', ')}`);
  family.type = type as TextType;
}

function readSample(line: string, number: number): TextSample {
  const trimmed = line.replace(/^[ \t]+/, '');
  const name = NAME.exec(trimmed)?.[0];
  if (name === undefined) return refuseLine(400, number, `expected a metric name: ${shown(line)}`);
  let rest = trimmed.slice(name.length);
  let labels: readonly Label[] = [];
  const brace = /^[ \t]*\{[ \t]*/.exec(rest)?.[0].length;
  if (brace !== undefined) {
    const read = readLabels(rest, brace);
    if (read === undefined || rest[read.end] !== '}')
      return refuseLine(400, number, `malformed labels: ${shown(line)}`);
    labels = checkNames(read.labels, number);
    rest = rest.slice(read.end + 1);
  } else if (!/^[ \t]/.test(rest))
    return refuseLine(400, number, `expected labels or a value after ${name}: ${shown(line)}`);
  const written = VALUE.exec(rest)?.[1];
  if (written === undefined) {
    const problem = TIMESTAMP.test(rest) ? 'a timestamp; pushed samples have none' : 'expected one value';
    return refuseLine(400, number, `${problem}: ${shown(line)}`);
  }
  const value = readNumber(written);
  if (value === undefined) return refuseLine(400, number, `the value ${shown(written)} is not a number`);
  return { name, labels, value, line: number };
}

function checkNames(labels: readonly Label[], number: number): readonly Label[] {
  const names = labels.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuseLine(400, number, `the label ${twice} stands there twice`);
  const reserved = names.find((name) => name.startsWith('__'));
  if (reserved !== undefined) refuseLine(400, number, `the label ${reserved}: names that start with __ are reserved`);
  return labels;
}

/** Reads a number as Go's clients write it, and as prom-client writes NaN; undefined when it is none. */
export function readNumber(text: string): number | undefined {
  if (NUMBER.test(text)) {
    const number = Number(text);
    return Number.isFinite(number) ? number : undefined;
  }
  const [, sign, word] = /^([+-]?)(inf|infinity|nan)$/i.exec(text) ?? [];
  if (word === undefined) return undefined;
  if (word.toLowerCase() === 'nan') return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function familyOf({ name, line }: TextSample, families: Map<string, OpenFamily>): OpenFamily {
  const exact = families.get(name);
  if (exact !== undefined) return exact;
  const suffix = /_(bucket|sum|count)$/.exec(name)?.[0] ?? '';
  const parent = families.get(name.slice(0, name.length - suffix.length));
  return parent?.type !== undefined && SUFFIXES[suffix]?.includes(parent.type) ? parent : open(name, line, families);
}

function open(name: string, line: number, families: Map<string, OpenFamily>): OpenFamily {
  const known = families.get(name);
  if (known !== undefined) return known;
  const family = { name, line, samples: [] };
  families.set(name, family);
  return family;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
