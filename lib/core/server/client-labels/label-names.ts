import { MAX_LABEL_VALUE_LENGTH, OVERFLOW_LABEL_VALUE } from '../../metrics/label-value.js';

/** The value that all names without their own series share. */
export const other = OVERFLOW_LABEL_VALUE;

/** Maximum length in UTF-16 code units. The registry truncates label values to the same length. */
const maxNameLength = MAX_LABEL_VALUE_LENGTH;

/** The names of one label that have their own series: those of a list, or the first names up to a limit. */
export class LabelNames {
  readonly #names: Set<string>;
  readonly #limit: number;

  constructor(listed: readonly string[] | undefined, limit: number) {
    this.#names = new Set(listed);
    this.#limit = listed === undefined ? limit : 0;
  }

  /** The label value for a name: the name, truncated to 256 UTF-16 code units, or `other`. */
  label(name: string): string {
    if (this.#names.has(name) || name === other) return name;
    // Copy the name, because a substring keeps the complete string in memory.
    const label = name.length <= maxNameLength ? name : Buffer.from(name.slice(0, maxNameLength)).toString();
    if (this.#names.has(label)) return label;
    if (this.#names.size >= this.#limit) return other;
    this.#names.add(label);
    return label;
  }
}
