import { arrangeSamples, type ForeignSample } from './foreign-series.js';
import {
  exemplarOf,
  type ForeignNames,
  ignoreRejection,
  labelsOf,
  type NameHandling,
  numberOf,
  pointOf,
  stringOf,
} from './foreign-values.js';
import { samplesPerYield } from './slices.js';

/** A foreign metric in its exposed form. All of it is valid. */
export interface ForeignFamily {
  readonly name: string;
  readonly help: string;
  /** `counter`, `gauge`, `histogram`, `summary` or `unknown`. */
  readonly type: string;
  readonly samples: readonly ForeignSample[];
}

/** The valid part of what `get()` of a foreign metric returned. */
export interface ForeignDataReading extends Omit<ForeignFamily, 'name'> {
  /** The name in the data; `undefined` if it has none. */
  readonly ownName: string | undefined;
  /** Whether anything was repaired or omitted. */
  readonly isRepaired: boolean;
  /** Whether the names of labels differ from those in the data. */
  readonly hasChangedLabels: boolean;
}

/** How to read a foreign metric. */
export interface ReadDataOptions {
  /** The name under which the metric was registered. */
  readonly registeredName: unknown;
  readonly defaultLabels: Readonly<Record<string, unknown>>;
  readonly names: ForeignNames;
}

/** Facts about the metric of a sample. */
interface SampleContext extends NameHandling {
  readonly type: string;
  /** Names that a sample's name can start with. */
  readonly metricNames: readonly string[];
  readonly defaultLabels: Readonly<Record<string, unknown>>;
}

const TYPES = ['counter', 'gauge', 'histogram', 'summary'];
const UNTYPED = ['untyped', 'unknown'];

/** The label that distinguishes the samples of a distribution, by its type. */
export const POINT_LABELS: Readonly<Record<string, string>> = { histogram: 'le', summary: 'quantile' };

/** Suffixes of sample names, by type. Other types have none. */
const SUFFIXES: Readonly<Record<string, readonly ForeignSample['suffix'][]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/**
 * Validates the result of `get()` of a foreign metric. Reads each property once, so that the result can't change.
 *
 * Yields regularly, so that the work can be divided into slices.
 *
 * @throws if this is not the data of a metric, or none of its samples are valid.
 */
export function* readForeignData(
  data: unknown,
  { registeredName, defaultLabels, names }: ReadDataOptions,
): Generator<void, ForeignDataReading, void> {
  const { name, help, type, values } = data as Record<string, unknown>;
  let [isRepaired, hasChangedLabels] = [false, false];
  const onRepair = (): void => {
    isRepaired = true;
  };
  const [ownName, ownHelp, ownType = ''] = [stringOf(name), stringOf(help), stringOf(type)];
  const isKnownType = TYPES.includes(ownType);
  if (ownName === undefined || ownHelp === undefined || !(isKnownType || UNTYPED.includes(ownType))) onRepair();
  const metricNames = [registeredName, ownName].filter((one) => typeof one === 'string');
  const knownType = isKnownType ? ownType : 'unknown';
  const onPlain = (): void => {
    hasChangedLabels = true;
  };
  const context = { type: knownType, metricNames, defaultLabels, names, onRepair, onPlain };
  const valid = yield* readSamples(values ?? [], context);
  const samples = yield* arrangeSamples(knownType, valid, onRepair);
  if (samples.length === 0 && valid.length > 0) throw new TypeError('A metric without valid series.');
  return { ownName, help: (ownHelp ?? '').toWellFormed(), type: knownType, samples, isRepaired, hasChangedLabels };
}

function* readSamples(values: unknown, context: SampleContext): Generator<void, ForeignSample[], void> {
  ignoreRejection(values);
  if (!Array.isArray(values)) throw new TypeError('Values that are not a list.');
  const { length } = values;
  const samples: ForeignSample[] = [];
  for (let index = 0; index < length; index++) {
    const value: unknown = values[index];
    if (typeof value !== 'object' || value === null) throw new TypeError('A sample that is not an object.');
    const sample = attemptSample(value as Record<string, unknown>, context);
    if (sample === undefined) context.onRepair();
    else samples.push(sample);
    if (index % samplesPerYield === 0) yield;
  }
  if (samples.length === 0 && length !== 0) throw new TypeError('A metric without valid samples.');
  return samples;
}

function attemptSample(sample: Record<string, unknown>, context: SampleContext): ForeignSample | undefined {
  try {
    return readSample(sample, context);
  } catch {
    return undefined;
  }
}

/** `undefined` if the sample is invalid. */
function readSample(sample: Record<string, unknown>, context: SampleContext): ForeignSample | undefined {
  const { value, metricName, labels: ownLabels, sharedLabels = {}, exemplar: ownExemplar } = sample;
  const { type, defaultLabels, onRepair } = context;
  const number = numberOf(value);
  const suffix = suffixOf(metricName, context);
  ignoreRejection(ownLabels);
  if (ownLabels === undefined || ownLabels === null) onRepair();
  const objects = [ownLabels ?? {}, sharedLabels ?? {}];
  if (number === undefined || suffix === undefined || !objects.every((one) => typeof one === 'object'))
    return undefined;
  const own = labelsOf(objects as object[], context);
  if (own === undefined) return undefined;
  const pointLabel = POINT_LABELS[type];
  const hasPoint = suffix === '_bucket' || (type === 'summary' && suffix === '');
  const point = hasPoint ? pointOf(own.get(pointLabel ?? '')) : undefined;
  if (hasPoint && (point === undefined || (type === 'summary' && !(point >= 0 && point <= 1)))) return undefined;
  const texts = new Map<string, string>();
  for (const [label, text] of own) texts.set(label, String(text).toWellFormed());
  for (const [label, text] of Object.entries(defaultLabels)) {
    if (!own.has(label)) texts.set(label, String(text).toWellFormed());
  }
  if (pointLabel !== undefined) texts.delete(pointLabel);
  const exemplar = ownExemplar ? exemplarOf(ownExemplar) : undefined;
  const isExemplarValid = exemplar !== undefined && !(point !== undefined && exemplar.value > point);
  if (ownExemplar && !isExemplarValid) onRepair();
  return { suffix, labels: texts, point, value: number, exemplar: isExemplarValid ? exemplar : undefined };
}

/** The part of a sample's name after the metric's name; `undefined` if the metric can't have such a sample. */
function suffixOf(metricName: unknown, { type, metricNames }: SampleContext): ForeignSample['suffix'] | undefined {
  const allowed = SUFFIXES[type] ?? [''];
  if (metricName === undefined) return allowed.find((suffix) => suffix === '');
  const name = stringOf(metricName);
  return allowed.find((suffix) => metricNames.some((one) => one + suffix === name));
}
