import { type Label, type LabelSet, labelSet } from './label-set.js';
import { readNumber, type TextFamily, type TextSample } from './parse-text.js';
import { refuseLine } from './push-refused.js';
import type { PushedSeries } from './pushed-family.js';

/** The samples of one series, and the line of its first. */
export interface SampleGroup {
  readonly labels: LabelSet;
  readonly line: number;
  readonly samples: readonly TextSample[];
}

/** Larger numbers are no counts, and could not be added up. */
const LARGEST = 1e300;
const NO_QUANTILES: ReadonlyMap<number, number> = new Map();

/** Groups a metric's samples by series; `structural` is the label that tells the samples of a series apart. */
export function groupSamples(
  { samples }: TextFamily,
  ignored: ReadonlySet<string>,
  structural?: 'le' | 'quantile',
): Map<string, SampleGroup> {
  const groups = new Map<string, SampleGroup & { readonly samples: TextSample[] }>();
  const seen = new Set<string>();
  for (const sample of samples) {
    const labels = labelSet(sample.labels.filter(([name]) => name !== structural && !ignored.has(name)));
    const identity = JSON.stringify([sample.name, labels.key, structural && numberOf(sample, structural)]);
    if (seen.has(identity)) refuseLine(400, sample.line, `${sample.name}{${labels.text}} is there twice`);
    seen.add(identity);
    const group = groups.get(labels.key);
    if (group === undefined) groups.set(labels.key, { labels, line: sample.line, samples: [sample] });
    else group.samples.push(sample);
  }
  return groups;
}

/** Reads a counter's, gauge's or untyped series. */
export function readSingle({ labels, samples }: SampleGroup, isCounter: boolean): PushedSeries {
  const value = isCounter ? total(samples[0], 'a counter') : (samples[0]?.value ?? 0);
  return series(labels, [value]);
}

/** Reads a histogram's series: counts by bucket, the count past the last bound, the sum. */
export function readHistogram(
  { labels, samples, line }: SampleGroup,
  name: string,
): PushedSeries & { bounds: number[] } {
  const buckets = new Map<number, number>();
  for (const sample of samples) {
    if (sample.name === name)
      refuseLine(400, sample.line, `${name} is a histogram; expected ${name}_bucket, _sum or _count`);
    if (sample.name !== `${name}_bucket`) continue;
    const bound = numberOf(sample, 'le');
    if (bound === undefined) refuseLine(400, sample.line, `a bucket of ${name} without a number as its label le`);
    else buckets.set(bound, total(sample, 'a bucket'));
  }
  const count = total(named(samples, `${name}_count`, line), 'a count');
  const sum = finite(named(samples, `${name}_sum`, line), 'a sum');
  const bounds = [...buckets.keys()].filter((bound) => bound !== Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  if ((buckets.get(Number.POSITIVE_INFINITY) ?? count) !== count) {
    refuseLine(400, line, `the bucket +Inf of ${name}{${labels.text}} and its count differ`);
  }
  let below = 0;
  const counts = [...bounds.map((bound) => buckets.get(bound) ?? 0), count].map((upTo) => {
    const own = upTo - below;
    if (own < 0) refuseLine(400, line, `the buckets of ${name}{${labels.text}} go down; expected cumulative counts`);
    below = upTo;
    return own;
  });
  return { ...series(labels, [...counts, sum]), bounds };
}

/** Reads a summary's series: count, sum and quantiles. */
export function readSummary({ labels, samples, line }: SampleGroup, name: string): PushedSeries {
  const quantiles = new Map<number, number>();
  for (const sample of samples) {
    if (sample.name !== name) continue;
    const quantile = numberOf(sample, 'quantile');
    if (quantile === undefined)
      refuseLine(400, sample.line, `${name} is a summary; expected a number as its label quantile`);
    else quantiles.set(quantile, sample.value);
  }
  const count = total(named(samples, `${name}_count`, line), 'a count');
  return { ...series(labels, [count, finite(named(samples, `${name}_sum`, line), 'a sum')]), quantiles };
}

function series({ key, text }: LabelSet, numbers: readonly number[]): PushedSeries {
  return { key, labelText: text, numbers, quantiles: NO_QUANTILES, created: undefined };
}

function named(samples: readonly TextSample[], name: string, line: number): TextSample {
  return samples.find((sample) => sample.name === name) ?? refuseLine(400, line, `the series has no ${name}`);
}

function numberOf({ labels }: TextSample, label: string): number | undefined {
  const written = labels.find(([name]: Label) => name === label)?.[1];
  const number = written === undefined ? undefined : readNumber(written);
  return Number.isNaN(number) ? undefined : number;
}

function total(sample: TextSample | undefined, what: string): number {
  const value = finite(sample, what);
  return value >= 0 ? value : refuseLine(400, sample?.line ?? 0, `${what} is ${value}; expected 0 or more`);
}

function finite(sample: TextSample | undefined, what: string): number {
  const { value = 0, line = 0 } = sample ?? {};
  if (Math.abs(value) <= LARGEST) return value;
  return refuseLine(400, line, `${what} is ${value}; expected a number up to ${LARGEST}`);
}
