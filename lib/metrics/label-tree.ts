/**
 * What the values of one label lead to: further branches, and leaves from the last label on.
 *
 * Most branches have one value. The first is held without a `Map`, which would take more memory than a series.
 */
class Branch<Leaf extends object | number> {
  #first: string | undefined;
  #firstNext: Branch<Leaf> | Leaf | undefined;
  #others: Map<string, Branch<Leaf> | Leaf> | undefined;

  get(value: string): Branch<Leaf> | Leaf | undefined {
    return value === this.#first ? this.#firstNext : this.#others?.get(value);
  }

  set(value: string, next: Branch<Leaf> | Leaf): void {
    if (this.#first === undefined) {
      this.#first = value;
      this.#firstNext = next;
    } else {
      this.#others ??= new Map();
      this.#others.set(value, next);
    }
  }
}

/**
 * Finds a leaf by its label values, one branch a label.
 *
 * No key is built from several values, so no separator in a value can make two label sets meet.
 */
export class LabelTree<Leaf extends object | number> {
  readonly #root = new Branch<Leaf>();
  #only: Leaf | undefined;
  #size = 0;

  /** How many leaves there are. */
  get size(): number {
    return this.#size;
  }

  /** The leaf of these values, if it is there; as many values as `add` was given. */
  find(values: readonly string[]): Leaf | undefined {
    const last = values.length - 1;
    if (last < 0) return this.#only;
    let branch = this.#root;
    for (let depth = 0; depth < last; depth++) {
      const next = branch.get(values[depth] as string);
      if (next === undefined) return undefined;
      branch = next as Branch<Leaf>;
    }
    return branch.get(values[last] as string) as Leaf | undefined;
  }

  /** Puts a leaf at these values; there must be none yet. */
  add(values: readonly string[], leaf: Leaf): void {
    this.#size++;
    const last = values.length - 1;
    if (last < 0) {
      this.#only = leaf;
      return;
    }
    let branch = this.#root;
    for (const value of values.slice(0, last)) {
      let next = branch.get(value) as Branch<Leaf> | undefined;
      if (next === undefined) {
        next = new Branch();
        branch.set(value, next);
      }
      branch = next;
    }
    branch.set(values[last] as string, leaf);
  }
}
