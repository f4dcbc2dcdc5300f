import { InvalidDescriptorError } from '../errors/errors.js';
import { isMetricName } from './exposition-names.js';

/** What a metric measures: a running total, a current value, a distribution, or constant facts. */
export type MetricKind = 'counter' | 'gauge' | 'histogram' | 'info';

/** A metric as it is declared. */
export interface MetricOptions {
  /** Full name, with unit and the `_total` or `_info` its kind calls for. */
  readonly name: string;
  /** One sentence for people, without a line break. */
  readonly help: string;
  readonly kind: MetricKind;
  /** The base unit the name ends in: `seconds`, `bytes`, `tokens`, … */
  readonly unit?: string;
  /** Label names in the order series take their values; none by default. */
  readonly labels?: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending, without +Inf. */
  readonly buckets?: readonly number[];
  /** What several threads or processes have of one series: their sum, which is the default, or their highest. */
  readonly aggregation?: Aggregation;
}

/** How values of one series that come from several places become one. */
export type Aggregation = 'sum' | 'max';

/** A declaration that has been checked once and is frozen. */
export interface Descriptor {
  readonly name: string;
  readonly help: string;
  readonly kind: MetricKind;
  readonly unit: string | undefined;
  readonly labels: readonly string[];
  readonly buckets: readonly number[];
  readonly aggregation: Aggregation;
}

/** The declaration of a metric whose series are written in this process. */
export interface WritableDescriptor extends Descriptor {
  /** The buckets again, as V8 searches them fastest. */
  readonly bounds: Float64Array;
}

// https://prometheus.io/docs/concepts/data_model/
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
const SUFFIXES: Partial<Record<MetricKind, string>> = { counter: '_total', info: '_info' };
const MAX_BUCKETS = 1_000;
/** So many labels of 256 characters fit into one record of a segment. */
const MAX_LABELS = 64;
/** A declaration is one record of a segment, as JSON. */
const MAX_DECLARATION_BYTES = 60_000;

/**
 * Checks a declaration against the Prometheus data model and freezes it.
 *
 * @throws {InvalidDescriptorError} naming what is wrong.
 */
export function describeMetric(options: MetricOptions): WritableDescriptor {
  const { name, help, kind, unit, labels = [], buckets = [], aggregation = 'sum' } = options;
  const refuse = (problem: string): never => {
    throw new InvalidDescriptorError(`Metric ${JSON.stringify(name)} ${problem}.`);
  };
  if (!isMetricName(name)) refuse('is not a metric name; expected letters, digits, _ and :');
  const suffix = SUFFIXES[kind];
  if (suffix !== undefined && !name.endsWith(suffix)) refuse(`is a ${kind}; its name must end in ${suffix}`);
  for (const label of labels) {
    if (!LABEL_NAME.test(label)) {
      refuse(`has a label ${JSON.stringify(label)}; expected letters, digits and _, not starting with __`);
    }
    if (kind === 'histogram' && label === 'le') refuse('has a label "le", which names a histogram\'s buckets');
  }
  if (labels.length > MAX_LABELS) refuse(`has ${labels.length} labels; expected at most ${MAX_LABELS}`);
  if (new Set(labels).size !== labels.length) refuse(`names a label twice: ${labels.join(', ')}`);
  if (kind === 'histogram') checkBuckets(buckets, refuse);
  else if (buckets.length > 0) refuse(`is a ${kind}; only histograms have buckets`);
  const descriptor: Descriptor = {
    name,
    help,
    kind,
    unit,
    labels: Object.freeze([...labels]),
    buckets: Object.freeze([...buckets]),
    aggregation,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(descriptor)).length;
  if (bytes > MAX_DECLARATION_BYTES) {
    refuse(`takes ${bytes} bytes with its help and labels; expected at most ${MAX_DECLARATION_BYTES}`);
  }
  // Not enumerable: it is no part of the declaration that is copied and sent to other threads.
  Object.defineProperty(descriptor, 'bounds', { value: Float64Array.from(buckets) });
  return Object.freeze(descriptor) as WritableDescriptor;
}

/** A key that two declarations share when their series can be added up: name, kind, labels and buckets are the same. */
export function layoutOf({ name, kind, labels, buckets }: Descriptor): string {
  return JSON.stringify([name, kind, labels, buckets]);
}

function checkBuckets(buckets: readonly number[], refuse: (problem: string) => never): void {
  if (buckets.length === 0 || buckets.length > MAX_BUCKETS) {
    refuse(`has ${buckets.length} buckets; expected 1 to ${MAX_BUCKETS}`);
  }
  buckets.forEach((bound, index) => {
    if (!Number.isFinite(bound)) refuse(`has a bucket ${bound}; expected finite numbers (+Inf is implied)`);
    const previous = buckets[index - 1];
    if (previous !== undefined && bound <= previous) {
      refuse(`has buckets out of order: ${previous}, ${bound}; expected each above the one before`);
    }
  });
}
