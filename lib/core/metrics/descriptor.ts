import { InvalidDescriptorError } from '../errors/errors.js';
import { shownNumber } from '../errors/shown-number.js';
import { isMetricName } from './exposition-names.js';
import type { NativeSettings } from './native/native-histogram.js';

/** What a metric of TinyLLM measures: a running total, a current value, a distribution, or constant facts. */
export type InstrumentKind = 'counter' | 'gauge' | 'histogram' | 'info';

/** The kind of a metric. Only metrics of the application can be summaries: quantiles of recent values. */
export type MetricKind = InstrumentKind | 'summary';

/** A metric declaration. */
export interface MetricOptions {
  /** Full name, with the unit and the suffix that the kind requires (`_total` or `_info`). */
  readonly name: string;
  /** One sentence without a line break. */
  readonly help: string;
  readonly kind: InstrumentKind;
  /** The base unit at the end of the name: `seconds`, `bytes`, `tokens` and so on. */
  readonly unit?: string;
  /** Label names. Series take their values in the same order. Default: none. */
  readonly labels?: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending, without +Inf. */
  readonly buckets?: readonly number[];
  /** How the values of several threads or processes are combined. Default: `sum`. */
  readonly aggregation?: Aggregation;
  /** Whether the metric is recorded for each call. Such metrics have the additional labels of the configuration. */
  readonly perCall?: boolean;
  /** The settings of native histograms. Default: none. Only histograms can have them. */
  readonly native?: NativeSettings | undefined;
  /** Whether several threads write the same series. Such a histogram can't be native. */
  readonly isShared?: boolean;
  /** Whether it is a gauge that is set to a state. The values of such a gauge can't be added. */
  readonly state?: boolean;
}

/** How values of a gauge from several threads or processes are combined. Other kinds of metrics ignore this setting. */
export type Aggregation = 'sum' | 'max' | 'min' | 'average' | 'first' | 'omit';

/** A checked and frozen metric declaration. */
export interface Descriptor {
  readonly name: string;
  readonly help: string;
  readonly kind: MetricKind;
  readonly unit: string | undefined;
  readonly labels: readonly string[];
  /** The upper bounds of a histogram, or the quantiles of a summary. */
  readonly buckets: readonly number[];
  readonly aggregation: Aggregation;
  /** The settings of native histograms. Undefined if the metric has none. */
  readonly native?: NativeSettings | undefined;
}

/** The declaration of a metric whose series are written in this process. */
export interface WritableDescriptor extends Descriptor {
  /** The buckets in the form that V8 searches fastest. */
  readonly bounds: Float64Array;
}

// https://prometheus.io/docs/concepts/data_model/
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
const SUFFIXES: Partial<Record<InstrumentKind, string>> = { counter: '_total', info: '_info' };
const MAX_BUCKETS = 1_000;
/** This many labels of 256 characters fit into one record of a segment. */
const MAX_LABELS = 64;
/** A declaration is one record of a segment, as JSON. */
const MAX_DECLARATION_BYTES = 60_000;

/** Whether a name is valid as the name of a label. */
export function isLabelName(name: string): boolean {
  return LABEL_NAME.test(name);
}

/**
 * Checks a declaration against the Prometheus data model and freezes it.
 *
 * @throws {InvalidDescriptorError} with the problem.
 */
export function describeMetric(options: MetricOptions): WritableDescriptor {
  const { name, help, kind, unit, labels = [], buckets = [], aggregation = 'sum', native } = options;
  const reject = rejectMetric(name);
  if (!isMetricName(name)) reject('is not a metric name; expected letters, digits, _ and :');
  const suffix = SUFFIXES[kind];
  if (suffix !== undefined && !name.endsWith(suffix)) reject(`is a ${kind}; its name must end in ${suffix}`);
  for (const label of labels) {
    if (!isLabelName(label)) {
      reject(`has a label ${JSON.stringify(label)}; expected letters, digits and _, not starting with __`);
    }
    if (kind === 'histogram' && label === 'le') reject('has a label "le", which is reserved for buckets of histograms');
  }
  checkLabelCount(labels, reject);
  if (kind === 'histogram') {
    if (buckets.length === 0) reject(`has 0 buckets; expected 1 to ${MAX_BUCKETS}`);
    checkBuckets(buckets, reject);
  } else if (buckets.length > 0) reject(`is a ${kind}; only histograms have buckets`);
  return freeze({ name, help, kind, unit, labels, buckets, aggregation, native }, reject);
}

/** The declaration of a metric of the application. */
export interface CustomMetricOptions extends Omit<MetricOptions, 'unit' | 'kind' | 'buckets'> {
  readonly kind: Exclude<MetricKind, 'info'>;
  /** The upper bounds of a histogram, or the quantiles of a summary. */
  readonly buckets?: readonly number[];
}

/**
 * Freezes the declaration of a metric of the application. Its name and label names were already checked.
 *
 * The rules are those of prom-client: the name needs no suffix, and a histogram needs no buckets.
 *
 * @throws {InvalidDescriptorError} if a label is repeated, there are more than 64 labels, the buckets or quantiles are
 * invalid, or the declaration is too large.
 */
export function describeCustomMetric(options: CustomMetricOptions): WritableDescriptor {
  const { name, help, kind, labels = [], buckets = [], aggregation = 'sum', native } = options;
  const reject = rejectMetric(name);
  checkLabelCount(labels, reject);
  if (kind === 'summary') checkQuantiles(buckets, reject);
  else checkBuckets(buckets, reject);
  return freeze({ name, help, kind, unit: undefined, labels, buckets, aggregation, native }, reject);
}

type Reject = (problem: string) => never;

function rejectMetric(name: string): Reject {
  return (problem) => {
    throw new InvalidDescriptorError(`Metric ${JSON.stringify(name)} ${problem}.`);
  };
}

function checkLabelCount(labels: readonly string[], reject: Reject): void {
  if (labels.length > MAX_LABELS) reject(`has ${labels.length} labels; expected at most ${MAX_LABELS}`);
  if (new Set(labels).size !== labels.length) reject(`has a duplicate label: ${labels.join(', ')}`);
}

function freeze({ labels, buckets, native, ...rest }: Descriptor, reject: Reject): WritableDescriptor {
  const descriptor: Descriptor = {
    ...rest,
    labels: Object.freeze([...labels]),
    buckets: Object.freeze([...buckets]),
    ...(native === undefined ? {} : { native }),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(descriptor)).length;
  if (bytes > MAX_DECLARATION_BYTES) {
    reject(`takes ${bytes} bytes with its help and labels; expected at most ${MAX_DECLARATION_BYTES}`);
  }
  // Not enumerable: the declaration is copied and sent to other threads without it.
  Object.defineProperty(descriptor, 'bounds', { value: Float64Array.from(buckets) });
  return Object.freeze(descriptor) as WritableDescriptor;
}

/**
 * Returns a key of name, kind, labels, buckets and native settings. Series of declarations with equal keys can be
 * combined.
 */
export function layoutOf({ name, kind, labels, buckets, native }: Descriptor): string {
  return JSON.stringify([name, kind, labels, buckets, native]);
}

function checkBuckets(buckets: readonly number[], reject: Reject): void {
  if (buckets.length > MAX_BUCKETS) reject(`has ${buckets.length} buckets; expected at most ${MAX_BUCKETS}`);
  buckets.forEach((bound, index) => {
    if (!Number.isFinite(bound)) reject(`has the bucket ${shownNumber(bound)}; expected finite numbers without +Inf`);
    const previous = buckets[index - 1];
    if (previous !== undefined && bound <= previous) {
      reject(`has buckets out of order: ${previous}, ${bound}; expected each above the one before`);
    }
  });
}

function checkQuantiles(quantiles: readonly number[], reject: Reject): void {
  if (quantiles.length > MAX_BUCKETS) reject(`has ${quantiles.length} quantiles; expected at most ${MAX_BUCKETS}`);
  const invalid = quantiles.find((quantile) => !(quantile >= 0 && quantile <= 1));
  if (invalid !== undefined) reject(`has the quantile ${shownNumber(invalid)}; expected numbers from 0 to 1`);
  if (new Set(quantiles).size !== quantiles.length) reject(`has a duplicate quantile: ${quantiles.join(', ')}`);
}
