import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Comparisons } from './comparisons.js';
import type { FailureLimit } from './failure-limit.js';

/**
 * The result of a password check. `busy`: too many passwords wait to be checked. `limited`: too many wrong ones came from
 * this address.
 */
export type Verdict = 'granted' | 'denied' | 'busy' | 'limited';

/** The most users whose password is remembered as verified. */
const maxRemembered = 100;

/** What checks of all users share, also after the configuration has changed. */
export interface PasswordChecks {
  readonly comparisons: Comparisons;
  readonly failures: FailureLimit;
}

/** A key of this process, without which what is remembered of passwords is of no use. */
const key = randomBytes(32);

/** Checks users' passwords, and remembers verified ones so that bcrypt is paid once and not on every scrape. */
export class Passwords {
  readonly #users: ReadonlyMap<string, string>;
  readonly #checks: PasswordChecks;
  readonly #verified = new Map<string, Buffer>();
  readonly #underWay = new Map<string, Promise<Verdict>>();
  readonly #highestCost: number;

  /** Passwords that `previous` has verified stay verified for users whose hash is the same. */
  constructor(users: ReadonlyMap<string, string>, checks: PasswordChecks, previous?: Passwords) {
    this.#users = users;
    this.#checks = checks;
    this.#highestCost = Math.max(...[...users.values()].map(costOf), lowestCost);
    if (previous === undefined) return;
    for (const [user, digest] of previous.#verified) {
      if (users.has(user) && previous.#users.get(user) === users.get(user)) this.#verified.set(user, digest);
    }
  }

  /** Whether anybody is asked for a password. */
  get required(): boolean {
    return this.#users.size > 0;
  }

  /**
   * Checks a user's password; the same one asked for several times at once is compared once.
   *
   * A password that was verified before is granted at once, whatever others do. All refusals after a comparison take the
   * same time, so that nobody learns from it which users there are.
   */
  async verify(user: string, password: string, address?: string): Promise<Verdict> {
    const digest = createHmac('sha256', key)
      .update(JSON.stringify([user, password]))
      .digest();
    const known = this.#verified.get(user);
    if (known !== undefined && timingSafeEqual(known, digest)) return 'granted';
    const name = digest.toString('base64');
    let underWay = this.#underWay.get(name);
    if (underWay === undefined) {
      const { failures } = this.#checks;
      if (!failures.take(address)) return 'limited';
      underWay = this.#compare(user, password, digest).finally(() => this.#underWay.delete(name));
      this.#underWay.set(name, underWay);
      if ((await underWay) !== 'denied') failures.giveBack(address);
    }
    return underWay;
  }

  async #compare(user: string, password: string, digest: Buffer): Promise<Verdict> {
    const hash = this.#users.get(user);
    const [first, decoys] =
      hash === undefined
        ? [decoyOf(this.#highestCost), []]
        : [hash, costsUpTo(this.#highestCost, costOf(hash)).map(decoyOf)];
    const matches = await this.#checks.comparisons.compare(password, first, decoys);
    if (matches === undefined) return 'busy';
    if (!matches || hash === undefined) return 'denied';
    if (this.#verified.size < maxRemembered || this.#verified.has(user)) this.#verified.set(user, digest);
    return 'granted';
  }
}

/** bcrypt's cost is the binary logarithm of its rounds. */
const lowestCost = 4;

function costOf(hash: string): number {
  return Number(hash.slice(4, 6));
}

/** The costs that together with `cost` take as long as `highest`: 2^c + 2^c + 2^(c+1) + … + 2^(h-1) = 2^h. */
function costsUpTo(highest: number, cost: number): number[] {
  return Array.from({ length: highest - cost }, (_, index) => cost + index);
}

/** A hash of no password. */
function decoyOf(cost: number): string {
  // Of bcrypt's alphabet, whose 64 letters are those of base64 but for "+" and the padding.
  const letters = randomBytes(40).toString('base64').replaceAll('+', '.').slice(0, 53);
  return `$2b$${String(cost).padStart(2, '0')}$${letters}`;
}
