import { type Label, type LabelSet, labelSet } from './label-set.js';
import { excerpt, type Place, PushRefused, rejectAt } from './push-refused.js';
import type { ReadNative } from './read-native.js';
import { readNumber } from './read-number.js';
import type { TextSample } from './read-sample.js';
import type { Pace, SlicedWork } from './sliced-work.js';
import type { TextFamily, TextType } from './text-families.js';

/** One series as sent by the client, before the hub checks whether its numbers can be added. */
export interface StatedSeries {
  readonly labels: LabelSet;
  readonly place: Place;
  /** The value of a counter, gauge or untyped series. */
  value?: number;
  count?: number;
  sum?: number;
  /** Cumulative counts by upper bound, or the values of a summary by quantile. */
  readonly points: Map<number, number>;
  /** Creation time in Unix seconds. */
  readonly created?: number | undefined;
  /** The native buckets of a histogram, if it has any. */
  readonly native?: ReadNative | undefined;
}

/** One metric as sent by the client. */
export interface StatedFamily {
  readonly name: string;
  readonly type: TextType;
  readonly help: string;
  readonly place: Place;
  /** The series by label key. */
  readonly series: Map<string, StatedSeries>;
}

/** Settings for all metrics of a push. */
export interface PushContext {
  /** Label names in the path, which are removed from the series. */
  readonly grouping: ReadonlySet<string>;
  /** Called for each value that the hub accepts, but ignores or corrects. */
  readonly note: (place: Place, problem: string) => void;
  readonly pace: Pace;
  /** Maximum number of series in the hub; default unlimited. */
  readonly maxSeries?: number;
}

/** Maximum number of buckets of a histogram, or quantiles of a summary. */
const MAX_POINTS = 2_048;

/**
 * Shared by all series without buckets or quantiles, because an empty map takes more than 100 bytes. Never write to it.
 */
export const NO_POINTS = new Map<number, number>();

/** Groups the samples of a metric by series. If a bucket, quantile, count or sum occurs twice, the last one is used. */
export function* groupSamples(family: TextFamily, context: PushContext): SlicedWork<StatedFamily> {
  const { name, type, help, line, samples } = family;
  const series = new Map<string, StatedSeries>();
  const structural = type === 'histogram' ? 'le' : type === 'summary' ? 'quantile' : undefined;
  for (const sample of samples) {
    const labels = labelSet(withoutLabels(sample.labels, structural, context.grouping));
    const known = series.get(labels.key);
    const stated = known ?? {
      labels,
      place: sample.line,
      points: structural === undefined ? NO_POINTS : new Map<number, number>(),
    };
    if (known === undefined) series.set(labels.key, stated);
    else if (structural === undefined) rejectDuplicate(name, labels, sample.line);
    addSample(stated, sample, { name, structural, note: context.note });
    if (context.pace.spend(32 + labels.text.length)) yield;
  }
  return { name, type, help, place: line, series };
}

/** Removes the label of a bucket or quantile, and the labels of the path. */
export function withoutLabels(
  labels: readonly Label[],
  structural: string | undefined,
  grouping: ReadonlySet<string>,
): readonly Label[] {
  for (const [name] of labels) {
    if (name === structural || grouping.has(name)) {
      return labels.filter(([label]) => label !== structural && !grouping.has(label));
    }
  }
  return labels;
}

/** Rejects a series that occurs twice. */
export function rejectDuplicate(name: string, { text }: LabelSet, place: Place): never {
  return rejectAt(400, place, `${name}{${text}} occurs twice`);
}

/** Adds a bucket or a quantile. */
export function addPoint(points: Map<number, number>, point: number, value: number, place: Place): void {
  if (points.size === MAX_POINTS && !points.has(point)) {
    rejectAt(400, place, `more than ${MAX_POINTS} buckets or quantiles; a series has at most ${MAX_POINTS}`);
  }
  points.set(point, value);
}

/** Rejects a push with more series than the hub can store. */
export function checkSeriesCount(count: number, limit = Number.POSITIVE_INFINITY): void {
  if (count <= limit) return;
  throw new PushRefused(507, `the push has ${count} series; the hub stores at most ${limit}. Push fewer label values.`);
}

interface SampleContext extends Pick<PushContext, 'note'> {
  readonly name: string;
  readonly structural: 'le' | 'quantile' | undefined;
}

function addSample(stated: StatedSeries, sample: TextSample, { name, structural, note }: SampleContext): void {
  const { value, line } = sample;
  if (structural === undefined) stated.value = value;
  else if (sample.name === `${name}_count`) stated.count = value;
  else if (sample.name === `${name}_sum`) stated.sum = value;
  else {
    const written = sample.labels.find(([label]) => label === structural)?.[1];
    const point = written === undefined ? Number.NaN : readNumber(written);
    if (point === undefined) {
      rejectAt(400, line, `the label ${structural} of ${sample.name} is ${excerpt(written ?? '')}; expected a number`);
    }
    const pointName = structural === 'quantile' ? name : `${name}_bucket`;
    if (sample.name === pointName && !Number.isNaN(point)) addPoint(stated.points, point, value, line);
    else {
      const kind = structural === 'quantile' ? 'quantile' : 'bucket';
      const needed = `a ${kind} needs the name ${pointName} and a number in the label ${structural}`;
      note(line, `${sample.name} is ignored; ${needed}`);
    }
  }
}
