import { type Place, refuseAt, shown } from './push-refused.js';

/** Labels of one series, at most. */
export const MOST_LABELS = 256;

const FEW_LABELS = 8;
/** Characters in the names and values of one series' labels, at most. */
const MOST_LABEL_CHARACTERS = 65_536;

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * A metric's name in the characters of the text format; each other character becomes `_`.
 *
 * Prometheus calls this escaping scheme `underscores`.
 * Source: https://prometheus.io/docs/instrumenting/escaping_schemes/
 */
export function metricName(name: string, place: Place): string {
  if (name === '') return refuseAt(400, place, 'expected a metric name');
  return METRIC_NAME.test(name) ? name : name.replace(/[^a-zA-Z0-9_:]/gu, '_').replace(/^\d/, '_');
}

/** A label's name in the characters of the text format, like {@link metricName}. */
function labelName(name: string, place: Place): string {
  if (name === '') return refuseAt(400, place, 'expected a label name');
  return LABEL_NAME.test(name) ? name : name.replace(/[^a-zA-Z0-9_]/gu, '_').replace(/^\d/, '_');
}

/** Checks the labels of one series while they are read. */
export class LabelReader {
  /** The metric's name, as far as it was read. */
  metric = '';
  readonly labels: [name: string, value: string][] = [];
  #names: Set<string> | undefined;
  #characters = 0;

  constructor(readonly place: Place) {}

  add(written: string, value: string): void {
    const name = labelName(written, this.place);
    if (name.startsWith('__')) {
      refuseAt(400, this.place, `the label ${shown(name)}; names that start with __ are reserved`);
    }
    if (this.#has(name)) refuseAt(400, this.place, `the label ${shown(name)} is there twice`);
    if (this.labels.length === MOST_LABELS) {
      refuseAt(400, this.place, `more than ${MOST_LABELS} labels; a series has at most ${MOST_LABELS}`);
    }
    this.#characters += name.length + value.length;
    if (this.#characters > MOST_LABEL_CHARACTERS) {
      refuseAt(400, this.place, `more than ${MOST_LABEL_CHARACTERS} characters in the labels of a series`);
    }
    this.#names?.add(name);
    this.labels.push([name, value]);
  }

  /** Most series have few labels, for which a set costs more than it saves. */
  #has(name: string): boolean {
    if (this.labels.length > FEW_LABELS) {
      this.#names ??= new Set(this.labels.map(([one]) => one));
      return this.#names.has(name);
    }
    for (const [one] of this.labels) if (one === name) return true;
    return false;
  }
}
