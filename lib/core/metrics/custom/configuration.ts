import { inspect } from 'node:util';
import { InvalidDescriptorError } from '../../errors/errors.js';
import type { Aggregation } from '../descriptor.js';
import { isMetricName, isUtf8Name } from '../exposition-names.js';
import type { NativeSettings } from '../native/native-histogram.js';
import { type NativeHistogramChoice, nativeSettings } from '../native/native-settings.js';
import { registry as sharedRegistry } from '../shared-registry.js';

/** How values from several processes are combined. The names are those of prom-client. */
export type Aggregator = Aggregation | 'omit';

/** The values of some or all labels of a metric, by label name. */
export type LabelValues<Label extends string> = Partial<Record<Label, string | number>>;

/** A registry of prom-client or of TinyLLM. */
export interface MetricRegister {
  readonly contentType: string;
  /** Adds a metric. @throws {Error} if another metric has its name. */
  registerMetric(metric: never): void;
}

/**
 * The key of an internal option: only plain names are valid, as in prom-client. `@tinyllm/prom-client` sets it. All
 * copies of the package use the same key.
 */
export const plainNames: unique symbol = Symbol.for('tinyllm.plain-names') as never;

/** The configuration of a metric of your application. */
export interface MetricConfiguration<Label extends string> {
  /**
   * The name, such as `rag_lookups_total`. Every version of Prometheus accepts letters, digits, `_` and `:`, without a
   * digit at the start. Prometheus 3 accepts any text. For other scrapers, such a name is escaped.
   */
  readonly name: string;
  /** One sentence that describes the metric. */
  readonly help: string;
  /** The names of the labels; default none. Any text, as for `name`. Names that start with `__` are reserved. */
  readonly labelNames?: readonly Label[] | undefined;
  /** The registries that contain the metric; default: TinyLLM's shared registry. */
  readonly registers?: readonly MetricRegister[] | undefined;
  /** How the values of a gauge from several threads and processes are combined; default `sum`. */
  readonly aggregator?: Aggregator | undefined;
  /**
   * Maximum number of label sets. Additional label sets share the series `other`. A whole number from 1; default:
   * `maxSeriesPerMetric` of `configureMetrics`, which is 1,000.
   */
  readonly maxSeries?: number | undefined;
  /**
   * Whether values are recorded with exemplars; default false. If true, every registry except the shared registry must
   * have OpenMetrics as its content type.
   */
  readonly enableExemplars?: boolean | undefined;
}

/** A checked configuration. */
export interface CheckedConfiguration<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  readonly aggregator: Aggregator;
  readonly maxSeries: number | undefined;
  readonly enableExemplars: boolean;
  readonly collect: (() => void | Promise<void>) | undefined;
}

const AGGREGATORS: readonly unknown[] = ['sum', 'first', 'min', 'max', 'average', 'omit'] satisfies Aggregator[];
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Checks the options that all kinds of metrics have. The texts of the errors are those of prom-client 15.
 *
 * @throws {TypeError} if the configuration is not an object.
 * @throws {Error} if the name or the help is missing, or an option is invalid.
 * @throws {InvalidDescriptorError} if a name is not valid, a label name starts with `__`, or `maxSeries` is not a whole
 * number from 1.
 */
export function checkMetricConfiguration<Label extends string>(
  configuration: MetricConfiguration<Label>,
): CheckedConfiguration<Label> {
  if (typeof configuration !== 'object' || configuration === null) {
    throw new TypeError('constructor expected a config object');
  }
  const { name, help, labelNames, aggregator = 'sum', maxSeries, enableExemplars = false } = configuration;
  const { collect } = configuration as { readonly collect?: unknown };
  if (!help) throw new Error('Missing mandatory help parameter');
  if (!name) throw new Error('Missing mandatory name parameter');
  checkName(name, configuration);
  if (labelNames !== undefined && !Array.isArray(labelNames)) {
    throw new TypeError(`The metric ${name} has the labelNames ${inspect(labelNames)}; expected a list of names.`);
  }
  const labels = [...(labelNames ?? [])];
  for (const label of labels) checkLabelName(name, label, configuration);
  const reserved = labels.find((label) => label.startsWith('__'));
  if (reserved !== undefined) {
    throw new InvalidDescriptorError(
      `Metric ${JSON.stringify(name)} has a label ${JSON.stringify(reserved)}; names that start with __ are reserved.`,
    );
  }
  if (!AGGREGATORS.includes(aggregator)) throw new Error(`'${aggregator}' is not a defined aggregator.`);
  if (maxSeries !== undefined && !(Number.isSafeInteger(maxSeries) && maxSeries > 0)) {
    throw new InvalidDescriptorError(
      `Metric ${JSON.stringify(name)} has maxSeries ${inspect(maxSeries)}; expected a whole number from 1.`,
    );
  }
  if (collect && typeof collect !== 'function') throw new Error('Optional "collect" parameter must be a function');
  return {
    name,
    help,
    labelNames: labels,
    aggregator,
    maxSeries,
    enableExemplars: Boolean(enableExemplars),
    collect: collect ? (collect as () => void | Promise<void>) : undefined,
  };
}

/** prom-client's metrics only have plain names. The errors have its texts. */
function checkName(name: unknown, configuration: object): asserts name is string {
  if (plainNames in configuration) {
    if (!isMetricName(name as string)) throw new Error('Invalid metric name');
  } else if (typeof name !== 'string' || !isUtf8Name(name)) {
    throw new InvalidDescriptorError(
      `A metric has the name ${inspect(name)}; expected a text without U+0000 and without lone surrogates.`,
    );
  }
}

function checkLabelName(metric: string, label: unknown, configuration: object): asserts label is string {
  if (plainNames in configuration) {
    if (!LABEL_NAME.test(label as string)) throw new Error('Invalid label name');
  } else if (typeof label !== 'string' || !isUtf8Name(label)) {
    throw new InvalidDescriptorError(
      `Metric ${JSON.stringify(metric)} has the label name ${inspect(label)}; expected a text that is not empty and has no U+0000 and no lone surrogates.`,
    );
  }
}

/** The options that determine whether a histogram is native. */
export interface NativeHistogramsOption extends Pick<MetricConfiguration<string>, 'name' | 'registers'> {
  readonly nativeHistograms?: NativeHistogramChoice | undefined;
}

/**
 * Returns the settings of a native histogram, by its options or else by the configuration of the metrics.
 *
 * @throws {InvalidDescriptorError} if the option is invalid.
 */
export function nativeHistogramsOf({
  name,
  registers = [sharedRegistry],
  nativeHistograms,
}: NativeHistogramsOption): NativeSettings | undefined {
  if (nativeHistograms === undefined) {
    // The list is checked later.
    const isShared = Array.isArray(registers) && registers.includes(sharedRegistry);
    return isShared ? sharedRegistry.memory.nativeSettingsFor(name) : undefined;
  }
  return nativeSettings(nativeHistograms, (option, shown, expected) => {
    const what = `nativeHistograms${option && `.${option}`}`;
    throw new InvalidDescriptorError(
      `Metric ${JSON.stringify(name)}: the option ${what} is ${shown}; expected ${expected}.`,
    );
  });
}

/** Creates the error for a value that is not a valid number, with prom-client's text. */
export function invalidNumber(value: unknown, what = 'Value'): TypeError {
  const shown = typeof value === 'string' ? value : inspect(value);
  return new TypeError(`${what} is not a valid number: ${shown}`);
}

/** @throws {TypeError} if this is not a list of registries. */
export function checkRegisters(name: string, registers: unknown): asserts registers is readonly MetricRegister[] {
  const isRegister = (one: unknown): boolean =>
    typeof (one as Partial<MetricRegister> | null | undefined)?.registerMetric === 'function';
  if (Array.isArray(registers) && registers.every(isRegister)) return;
  const shown = Array.isArray(registers) ? inspect(registers, { depth: 0 }) : `a value of type ${typeof registers}`;
  throw new TypeError(
    `The metric ${name} has the registers ${shown}; expected a list of registries, such as [registry].`,
  );
}
