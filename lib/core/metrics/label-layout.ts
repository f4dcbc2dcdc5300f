/**
 * The labels of an instrument that has additional labels or lacks some of its declared labels.
 *
 * Callers pass the values of the declared labels, or of the declared and the additional labels. The layout converts them
 * to the values of the labels that the series have.
 */
export class LabelLayout {
  readonly #declared: number;
  readonly #additional: number;
  /** The positions of the values that series have. */
  readonly #kept: readonly number[];

  constructor(
    declared: readonly string[],
    additional: readonly string[],
    readonly dropped: readonly string[],
  ) {
    this.#declared = declared.length;
    this.#additional = additional.length;
    this.#kept = [...declared, ...additional].flatMap((label, index) => (dropped.includes(label) ? [] : [index]));
  }

  /**
   * Returns the values of a series. If only the values of the declared labels are given, `additional` returns the other
   * ones. Returns undefined if the number of values is wrong.
   */
  valuesOf(given: readonly string[], additional: () => readonly string[]): readonly string[] | undefined {
    const isShort = given.length === this.#declared;
    if (!isShort && given.length !== this.#declared + this.#additional) return undefined;
    const all = isShort ? [...given, ...additional()] : given;
    return this.#kept.map((index) => all[index]!);
  }
}
