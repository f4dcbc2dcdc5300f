/**
 * A node of the tree. It maps each value of one label to a node of the next level. The levels are the labels in reverse
 * order. On the last level, that of the first label, each value maps to a leaf.
 *
 * Many branches have a single value. The first value is stored without a `Map`, which would take more memory than a
 * series.
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

  /** Removes a value. Returns whether the branch is empty afterwards. */
  delete(value: string): boolean {
    // Don't move a value from `#others` to `#first`: finding the first entry of a large `Map` is slow after many
    // deletions.
    if (value === this.#first) [this.#first, this.#firstNext] = [undefined, undefined];
    else this.#others?.delete(value);
    return this.#first === undefined && (this.#others === undefined || this.#others.size === 0);
  }

  *entries(): Generator<readonly [value: string, next: Branch<Leaf> | Leaf]> {
    if (this.#first !== undefined) yield [this.#first, this.#firstNext as Branch<Leaf> | Leaf];
    if (this.#others !== undefined) yield* this.#others;
  }
}

/**
 * Finds a leaf by its label values. Each level of the tree is one label, from the last label to the first.
 *
 * No key is built from several values, so a separator in a value can't make two label sets equal. The first label of a
 * metric, such as the model or node, usually has the most values. It is the last level of the tree, so each of its
 * values needs only a leaf. On an earlier level, each value would need a branch with a single leaf.
 */
export class LabelTree<Leaf extends object | number> {
  readonly #root = new Branch<Leaf>();
  #only: Leaf | undefined;
  #size = 0;

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** Returns the leaf of these values, or undefined. Requires as many values as `add`. */
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

  /** Adds a leaf at these values. The tree must not contain a leaf at these values. */
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

  /** Removes the leaf at these values. Returns it, or undefined if there is none. */
  delete(values: readonly string[]): Leaf | undefined {
    const leaf = this.find(values);
    if (leaf === undefined) return undefined;
    this.#size--;
    if (values.length === 0) {
      this.#only = undefined;
      return leaf;
    }
    const branches = [this.#root];
    for (let label = values.length - 1; label > 0; label--) {
      branches.push(branches.at(-1)!.get(values[label]!) as Branch<Leaf>);
    }
    for (const value of values) {
      const isEmpty = branches.pop()!.delete(value);
      if (!isEmpty) break;
    }
    return leaf;
  }

  /** All leaves with their label values, in no particular order. */
  *entries(): Generator<readonly [labelValues: readonly string[], leaf: Leaf]> {
    if (this.#only !== undefined) yield [[], this.#only];
    yield* leavesOf(this.#root, []);
  }
}

function* leavesOf<Leaf extends object | number>(
  branch: Branch<Leaf>,
  suffix: readonly string[],
): Generator<readonly [readonly string[], Leaf]> {
  for (const [value, next] of branch.entries()) {
    const values = [value, ...suffix];
    if (next instanceof Branch) yield* leavesOf(next, values);
    else yield [values, next];
  }
}
