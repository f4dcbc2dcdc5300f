import { types } from 'node:util';
import { isLabelName, isUtf8Name, plainLabelName, repairLabelName } from './exposition-names.js';

/** Labels of a sample, with valid names and well-formed values. */
export type ForeignLabels = ReadonlyMap<string, string>;

/** Called for each repair of a metric. */
export type OnRepair = () => void;

/** Which names are kept. `plain`: names of letters, digits, `_` and `:`. Other characters become `_`. */
export type ForeignNames = 'utf-8' | 'plain';

/** How to handle names that are not plain. */
export interface NameHandling {
  readonly names: ForeignNames;
  readonly onRepair: OnRepair;
  /** Called for each name that was changed. */
  readonly onPlain: () => void;
}

/** An exemplar in the shape of the exposition formats. */
export interface ForeignExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Unix seconds. */
  readonly timestampSeconds?: number;
}

/** Returns the value if it is a string. */
export function stringOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  ignoreRejection(value);
  return undefined;
}

/** Returns the value if it is a number, including NaN and infinities. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  ignoreRejection(value);
  return undefined;
}

/**
 * Reads a bucket's upper bound or a quantile from a number or its text.
 *
 * Returns `undefined` for NaN, negative infinity, and anything that is neither a number nor the text of one.
 */
export function pointOf(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : (stringOf(value)?.trim() ?? '');
  const point = /^\+?Inf$/.test(text) ? Number.POSITIVE_INFINITY : text === '' ? Number.NaN : Number(text);
  return point > Number.NEGATIVE_INFINITY ? point : undefined;
}

/**
 * Reads the labels of a sample from one or more objects. If several objects have the same label, the first one is used.
 *
 * Repairs invalid label names. Returns `undefined` if a changed name is also the name of another label.
 *
 * @throws whatever a getter or a `toString` method throws.
 */
export function labelsOf(
  objects: readonly object[],
  { names, onRepair, onPlain }: NameHandling,
): Map<string, string> | undefined {
  const labels = new Map<string, string>();
  const changed: [name: string | undefined, value: string][] = [];
  for (const object of objects) {
    for (const [name, value] of Object.entries(object)) {
      if (isLabelName(name) || (names === 'utf-8' && name !== '__name__' && isUtf8Name(name))) {
        if (!labels.has(name)) labels.set(name, labelText(value));
        continue;
      }
      if (name === '__name__' || !isUtf8Name(name)) onRepair();
      onPlain();
      changed.push([names === 'plain' ? plainLabelName(name) : repairLabelName(name), labelText(value)]);
    }
  }
  for (const [name, value] of changed) {
    if (name === undefined || labels.has(name)) return undefined;
    labels.set(name, value);
  }
  return labels;
}

/** Reads an exemplar. Returns `undefined` if it is invalid. */
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

/**
 * Replaces lone surrogates with U+FFFD, as UTF-8 does.
 *
 * Values that are equal in a scrape are thus already equal here.
 */
function labelText(value: unknown): string {
  ignoreRejection(value);
  return String(value).toWellFormed();
}

/**
 * Handles the rejection of a promise that was passed as a value, for example after a forgotten `await`. Otherwise, it
 * would end the process.
 */
export function ignoreRejection(value: unknown): void {
  if (types.isPromise(value)) Promise.prototype.then.call(value, undefined, () => {});
}
