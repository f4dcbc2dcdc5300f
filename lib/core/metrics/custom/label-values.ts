import { inspect } from 'node:util';
import { ABSENT_LABEL_VALUE, toLabelValue } from '../label-value.js';

/** Labels as the application passes them. */
export type GivenLabels = Readonly<Record<string, unknown>>;

/** Whether an argument contains labels instead of a value. */
export function isLabels(argument: unknown): argument is GivenLabels {
  return argument !== null && typeof argument === 'object';
}

/**
 * Returns the labels and the value of a call of `observe`.
 *
 * As in prom-client, `observe(undefined, 5)` and `observe(null, 5)` record 5 without labels.
 */
export function labelsAndValue(first: unknown, second: unknown): readonly [labels: GivenLabels, value: unknown] {
  if (isLabels(first)) return [first, second];
  return [{}, (first === undefined || first === null) && second !== undefined ? second : first];
}

/**
 * Converts the values that the application passed, in the order of the label names, to label values.
 *
 * @throws {Error} with prom-client's text if the number of values differs from the number of label names.
 */
export function valuesInOrder(labelNames: readonly string[], given: readonly unknown[]): string[] {
  if (given.length !== labelNames.length) labelsFromArguments(labelNames, given);
  const values = new Array<string>(given.length);
  for (let index = 0; index < given.length; index++) {
    const value = given[index];
    values[index] = value === undefined ? ABSENT_LABEL_VALUE : toLabelValue(value);
  }
  return values;
}

/**
 * Returns the labels of a call such as `labels('GET', 200)` or `labels({ method: 'GET', code: 200 })`.
 *
 * @throws {Error} with prom-client's text if the number of values differs from the number of label names.
 */
export function labelsFromArguments(labelNames: readonly string[], values: readonly unknown[]): GivenLabels {
  const [first] = values;
  if (isLabels(first)) return first;
  if (values.length !== labelNames.length) {
    const [given, names] = [values.join(', '), labelNames.join(', ')];
    throw new Error(
      `Invalid number of arguments (${values.length}): "${given}" for label names (${labelNames.length}): "${names}".`,
    );
  }
  return Object.fromEntries(labelNames.map((label, index) => [label, values[index]]));
}

/**
 * Returns the label values in the order of the label names. A missing label has the value `ABSENT_LABEL_VALUE`.
 *
 * @throws {Error} with prom-client's text if a label is not one of the label names.
 */
export function valuesOf(labelNames: readonly string[], labels: GivenLabels): string[] {
  checkLabels(labelNames, labels);
  const values = new Array<string>(labelNames.length);
  for (let index = 0; index < labelNames.length; index++) {
    const value = labels[labelNames[index]!];
    // Every object has inherited methods, such as `constructor`, which can also be the name of a label.
    const isAbsent = value === undefined || typeof value === 'function';
    values[index] = isAbsent ? ABSENT_LABEL_VALUE : toLabelValue(value);
  }
  return values;
}

/** @throws {Error} with prom-client's text if a label is not one of the label names. */
export function checkLabels(labelNames: readonly string[], labels: GivenLabels): void {
  for (const label in labels) {
    if (!labelNames.includes(label)) {
      throw new Error(`Added label "${label}" is not included in initial labelset: ${inspect(labelNames)}`);
    }
  }
}

/**
 * Returns the argument of a call with an exemplar: an object with `labels`, `value` or `exemplarLabels`.
 *
 * A call in the form without an exemplar, such as `inc({ code: 200 }, 2)` or `inc(2)`, is converted.
 */
export function withExemplar(
  first: unknown,
  second: unknown,
): {
  readonly labels?: unknown;
  readonly value?: unknown;
  readonly exemplarLabels?: Readonly<Record<string, unknown>>;
} {
  if (!isLabels(first)) return { value: first };
  const isOptions = ['labels', 'value', 'exemplarLabels'].some((option) => Object.hasOwn(first, option));
  return isOptions ? first : { labels: first, value: second };
}
