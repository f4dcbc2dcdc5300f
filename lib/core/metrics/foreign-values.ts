import { types } from 'node:util';
import { isLabelName, repairLabelName } from './exposition-names.js';

/** Labels of a sample: valid names, well-formed values. */
export type ForeignLabels = ReadonlyMap<string, string>;

/** Called for each repair of a metric. */
export type OnRepair = () => void;

/** An exemplar in the shape of the exposition formats. */
export interface ForeignExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Unix seconds. */
  readonly timestampSeconds?: number;
}

/** The value if it is a string. */
export function stringOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  ignoreRejection(value);
  return undefined;
}

/** The value if it is a number, which includes NaN and infinities. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  ignoreRejection(value);
  return undefined;
}

/** A bucket's upper bound or a quantile, from a number or its text; `undefined` if it is neither. */
export function pointOf(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : (stringOf(value)?.trim() ?? '');
  const point = /^\+?Inf$/.test(text) ? Number.POSITIVE_INFINITY : text === '' ? Number.NaN : Number(text);
  return point > Number.NEGATIVE_INFINITY ? point : undefined;
}

/**
 * Reads the labels of a sample from one or more objects. The first object that has a label determines its value.
 *
 * Repairs invalid label names. Returns `undefined` if a repaired name is also the name of another label.
 *
 * @throws whatever a getter or a `toString` method throws.
 */
export function labelsOf(objects: readonly object[], onRepair: OnRepair): Map<string, string> | undefined {
  const labels = new Map<string, string>();
  const repaired: [name: string | undefined, value: string][] = [];
  for (const given of objects) {
    for (const [name, value] of Object.entries(given)) {
      if (!isLabelName(name)) repaired.push([repairLabelName(name), labelText(value)]);
      else if (!labels.has(name)) labels.set(name, labelText(value));
    }
  }
  for (const [name, value] of repaired) {
    if (name === undefined || labels.has(name)) return undefined;
    labels.set(name, value);
    onRepair();
  }
  return labels;
}

/** Reads an exemplar; `undefined` if it is invalid. */
export function exemplarOf(exemplar: unknown): ForeignExemplar | undefined {
  try {
    const { labelSet, value, timestamp } = exemplar as Record<string, unknown>;
    const number = numberOf(value);
    if (typeof labelSet !== 'object' || labelSet === null || number === undefined || Number.isNaN(number)) {
      return undefined;
    }
    if (timestamp !== undefined && !Number.isFinite(timestamp)) return undefined;
    const entries = Object.entries(labelSet).map(([name, text]) => [name, labelText(text)] as const);
    if (!entries.every(([name]) => isLabelName(name))) return undefined;
    const time = timestamp === undefined ? {} : { timestampSeconds: timestamp as number };
    return { labels: Object.fromEntries(entries), value: number, ...time };
  } catch {
    return undefined;
  }
}

/** Lone surrogates become U+FFFD, as in UTF-8, so that values that differ here also differ in a scrape. */
function labelText(value: unknown): string {
  ignoreRejection(value);
  return String(value).toWellFormed();
}

/** A promise where a value belongs, such as after a forgotten `await`, must not end the process if it rejects. */
export function ignoreRejection(value: unknown): void {
  if (types.isPromise(value)) Promise.prototype.then.call(value, undefined, () => {});
}
