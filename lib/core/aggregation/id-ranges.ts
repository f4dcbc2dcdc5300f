/** The most ranges that a set holds. */
const MAX_RANGES = 1_000;

interface Range {
  readonly first: number;
  last: number;
}

/**
 * A set of ascending numbers such as thread IDs, which are never reused. Adjacent numbers take one range together.
 *
 * If there are more than 1,000 ranges, the numbers between the two lowest ranges count as members too.
 */
export class IdRanges {
  readonly #ranges: Range[] = [];

  /** How many ranges the set takes. */
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
    const isAfterBefore = before !== undefined && before.last === id - 1;
    const isBeforeAfter = after !== undefined && after.first === id + 1;
    if (isAfterBefore) {
      before.last = isBeforeAfter ? after.last : id;
      if (isBeforeAfter) this.#ranges.splice(index + 1, 1);
    } else if (isBeforeAfter) {
      this.#ranges[index + 1] = { first: id, last: after.last };
    } else {
      this.#ranges.splice(index + 1, 0, { first: id, last: id });
    }
    const [lowest, next] = this.#ranges;
    if (this.#ranges.length > MAX_RANGES) this.#ranges.splice(0, 2, { first: lowest!.first, last: next!.last });
  }

  /** The index of the last range that does not begin after a number; -1 for none. */
  #indexBefore(id: number): number {
    // Threads mostly end in the order in which they started: the range is near the end.
    return this.#ranges.findLastIndex(({ first }) => first <= id);
  }
}
