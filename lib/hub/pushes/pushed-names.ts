import { excerpt, type Place, rejectAt } from './push-refused.js';

/** Maximum number of labels of one series. */
export const MAX_LABELS = 256;

const FEW_LABELS = 8;
/** Maximum number of characters in all label names and values of one series. */
const MAX_LABEL_CHARACTERS = 65_536;

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Converts a metric name to the characters of the text format. Each other character becomes `_`.
 *
 * Prometheus calls this escaping scheme `underscores`.
 * Source: https://prometheus.io/docs/instrumenting/escaping_schemes/
 */
export function metricName(name: string, place: Place): string {
  if (name === '') return rejectAt(400, place, 'expected a metric name');
  return METRIC_NAME.test(name) ? name : name.replace(/[^a-zA-Z0-9_:]/gu, '_').replace(/^\d/, '_');
}

/** Converts a label name to the characters of the text format, like {@link metricName}. */
function labelName(name: string, place: Place): string {
  if (name === '') return rejectAt(400, place, 'expected a label name');
  return LABEL_NAME.test(name) ? name : name.replace(/[^a-zA-Z0-9_]/gu, '_').replace(/^\d/, '_');
}

/** Collects and checks the labels of one series. */
export class LabelReader {
  /** The name of the metric; empty until it was read. */
  metric = '';
  readonly labels: [name: string, value: string][] = [];
  #names: Set<string> | undefined;
  #characters = 0;

  constructor(readonly place: Place) {}

  add(written: string, value: string): void {
    const name = labelName(written, this.place);
    if (name.startsWith('__')) {
      rejectAt(400, this.place, `the label ${excerpt(name)}; names that start with __ are reserved`);
    }
    if (this.#has(name)) rejectAt(400, this.place, `the label ${excerpt(name)} occurs twice`);
    if (this.labels.length === MAX_LABELS) {
      rejectAt(400, this.place, `more than ${MAX_LABELS} labels; a series has at most ${MAX_LABELS}`);
    }
    this.#characters += name.length + value.length;
    if (this.#characters > MAX_LABEL_CHARACTERS) {
      rejectAt(400, this.place, `more than ${MAX_LABEL_CHARACTERS} characters in the labels of a series`);
    }
    this.#names?.add(name);
    this.labels.push([name, value]);
  }

  /** Uses a set only for many labels. Most series have few labels, for which a loop is faster. */
  #has(name: string): boolean {
    if (this.labels.length > FEW_LABELS) {
      this.#names ??= new Set(this.labels.map(([one]) => one));
      return this.#names.has(name);
    }
    for (const [one] of this.labels) if (one === name) return true;
    return false;
  }
}
