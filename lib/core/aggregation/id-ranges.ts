/** The maximum number of ranges in a set. */
const MAX_RANGES = 1_000;

interface Range {
  readonly first: number;
  last: number;
}

/**
 * A compact set of numbers, such as thread IDs, which are never reused. Adjacent numbers share one range.
 *
 * If there are more than 1,000 ranges, the two lowest ranges are merged, so the numbers between them count as members.
 */
export class IdRanges {
  readonly #ranges: Range[] = [];

  /** The number of ranges. */
  get rangeCount(): number {
    return this.#ranges.length;
  }

  has(id: number): boolean {
    const range = this.#ranges[this.#indexBefore(id)];
    return range !== undefined && id <= range.last;
  }

  add(id: number): void {
    if (this.has(id)) return;
    const index = this.#indexBefore(id);
    const before = this.#ranges[index];
    const after = this.#ranges[index + 1];
    const extendsBefore = before !== undefined && before.last === id - 1;
    const extendsAfter = after !== undefined && after.first === id + 1;
    if (extendsBefore) {
      before.last = extendsAfter ? after.last : id;
      if (extendsAfter) this.#ranges.splice(index + 1, 1);
    } else if (extendsAfter) {
      this.#ranges[index + 1] = { first: id, last: after.last };
    } else {
      this.#ranges.splice(index + 1, 0, { first: id, last: id });
    }
    const [lowest, next] = this.#ranges;
    if (this.#ranges.length > MAX_RANGES) this.#ranges.splice(0, 2, { first: lowest!.first, last: next!.last });
  }

  /** The index of the last range that starts at or before a number; -1 if there is none. */
  #indexBefore(id: number): number {
    // Search from the end, because threads mostly end in the order in which they started.
    return this.#ranges.findLastIndex(({ first }) => first <= id);
  }
}
