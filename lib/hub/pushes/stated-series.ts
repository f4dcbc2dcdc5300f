import { type Label, type LabelSet, labelSet } from './label-set.js';
import type { Pace, Paced } from './paced.js';
import { type Place, PushRefused, refuseAt, shown } from './push-refused.js';
import { readNumber } from './read-number.js';
import type { TextSample } from './read-sample.js';
import type { TextFamily, TextType } from './text-families.js';

/** One series as a client states it, before the hub checks that its numbers can be added. */
export interface StatedSeries {
  readonly labels: LabelSet;
  readonly place: Place;
  /** The value of a counter, gauge or untyped series. */
  value?: number;
  count?: number;
  sum?: number;
  /** Cumulative counts by upper bound, or a summary's values by quantile. */
  readonly points: Map<number, number>;
  /** Unix seconds at which the series began. */
  readonly created?: number | undefined;
}

/** One metric as a client states it. */
export interface StatedFamily {
  readonly name: string;
  readonly type: TextType;
  readonly help: string;
  readonly place: Place;
  /** By the key of the labels. */
  readonly series: Map<string, StatedSeries>;
}

/** What applies to all metrics of a push. */
export interface StatedContext {
  /** Labels of the path, which are removed from the series. */
  readonly grouping: ReadonlySet<string>;
  /** Receives what the hub accepts but cannot add. */
  readonly note: (place: Place, problem: string) => void;
  readonly pace: Pace;
  /** The number of series that a hub can hold; default unlimited. */
  readonly mostSeries?: number;
}

/** Buckets of a histogram, or quantiles of a summary, at most. */
const MOST_POINTS = 2_048;

/** The points of all series without buckets or quantiles. Nothing writes to it: an empty map takes more than 100 bytes. */
export const NO_POINTS = new Map<number, number>();

/** Arranges the samples of a text by series. Of several samples with the same meaning, the last is used. */
export function* stateTextFamily(family: TextFamily, context: StatedContext): Paced<StatedFamily> {
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
    else if (structural === undefined) refuseTwice(name, labels, sample.line);
    addSample(stated, sample, { name, structural, note: context.note });
    if (context.pace.spend(32 + labels.text.length)) yield;
  }
  return { name, type, help, place: line, series };
}

/** Labels without the label of a bucket or quantile and without those of the path. */
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

/** Refuses a series that a push contains twice. */
export function refuseTwice(name: string, { text }: LabelSet, place: Place): never {
  return refuseAt(400, place, `${name}{${text}} is there twice`);
}

/** Adds a bucket or a quantile. */
export function addPoint(points: Map<number, number>, point: number, value: number, place: Place): void {
  if (points.size === MOST_POINTS && !points.has(point)) {
    refuseAt(400, place, `more than ${MOST_POINTS} buckets or quantiles; a series has at most ${MOST_POINTS}`);
  }
  points.set(point, value);
}

/** Refuses a push with more series than the hub can hold. */
export function refuseSeries(count: number, most = Number.POSITIVE_INFINITY): void {
  if (count <= most) return;
  throw new PushRefused(507, `there would be ${count} series; at most ${most} are stored. Push fewer label values.`);
}

interface SampleContext extends Pick<StatedContext, 'note'> {
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
      refuseAt(400, line, `the label ${structural} of ${sample.name} is ${shown(written ?? '')}; expected a number`);
    }
    const isPoint = structural === 'quantile' ? sample.name === name : sample.name === `${name}_bucket`;
    if (isPoint && !Number.isNaN(point)) addPoint(stated.points, point, value, line);
    else note(line, `${sample.name} without a number as ${structural} has no meaning`);
  }
}
