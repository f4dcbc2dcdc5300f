/** How many comparisons run at once, and how many wait. */
export interface ComparisonLimits {
  /** Default 2. */
  readonly running?: number;
  /** Default 32. */
  readonly waiting?: number;
}

/** Compares passwords with bcrypt hashes, a bounded number at a time, since each is made to be slow. */
export class Comparisons {
  readonly #limits: Required<ComparisonLimits>;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor({ running = 2, waiting = 32 }: ComparisonLimits = {}) {
    this.#limits = { running, waiting };
  }

  /** Whether the password is the one the hash was made of; undefined, at once, when too many wait already. */
  async compare(password: string, hash: string): Promise<boolean | undefined> {
    if (this.#running < this.#limits.running) this.#running++;
    else if (this.#waiting.length >= this.#limits.waiting) return undefined;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      const { compare } = await import('bcryptjs');
      return await compare(password, hash);
    } finally {
      // The place goes to the next in the row as it is, or is given up.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
