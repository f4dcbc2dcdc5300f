/**
 * What the values of one label lead to: further branches, and leaves from the first label on.
 *
 * Many branches have one value. The first is held without a `Map`, which would take more memory than a series.
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

  *entries(): Generator<readonly [value: string, next: Branch<Leaf> | Leaf]> {
    if (this.#first === undefined) return;
    yield [this.#first, this.#firstNext as Branch<Leaf> | Leaf];
    if (this.#others !== undefined) yield* this.#others;
  }
}

/**
 * Finds a leaf by its label values, one branch a label, from the last label to the first.
 *
 * No key is built from several values, so no separator in a value can make two label sets meet. A metric's first label
 * is mostly what there are many of, models or nodes: asked last, its values are leaves and not branches with one leaf.
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
    if (values.length === 0) return this.#only;
    let branch = this.#root;
    for (let label = values.length - 1; label > 0; label--) {
      const next = branch.get(values[label] as string);
      if (next === undefined) return undefined;
      branch = next as Branch<Leaf>;
    }
    return branch.get(values[0] as string) as Leaf | undefined;
  }

  /** Puts a leaf at these values; there must be none yet. */
  add(values: readonly string[], leaf: Leaf): void {
    this.#size++;
    if (values.length === 0) {
      this.#only = leaf;
      return;
    }
    let branch = this.#root;
    for (const value of values.slice(1).reverse()) {
      let next = branch.get(value) as Branch<Leaf> | undefined;
      if (next === undefined) {
        next = new Branch();
        branch.set(value, next);
      }
      branch = next;
    }
    branch.set(values[0] as string, leaf);
  }

  /** Every leaf with its label values, in no order that means anything. */
  *entries(): Generator<readonly [labelValues: readonly string[], leaf: Leaf]> {
    if (this.#only !== undefined) yield [[], this.#only];
    yield* leavesOf(this.#root, []);
  }
}

function* leavesOf<Leaf extends object | number>(
  branch: Branch<Leaf>,
  behind: readonly string[],
): Generator<readonly [readonly string[], Leaf]> {
  for (const [value, next] of branch.entries()) {
    const values = [value, ...behind];
    if (next instanceof Branch) yield* leavesOf(next, values);
    else yield [values, next];
  }
}
