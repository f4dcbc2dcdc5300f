import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Comparisons } from './comparisons.js';
import type { FailureLimit } from './failure-limit.js';

/**
 * The result of a password check.
 *
 * `busy`: too many passwords wait to be checked. `limited`: this address has sent too many wrong passwords.
 */
export type Verdict = 'granted' | 'denied' | 'busy' | 'limited';

/** The maximum number of users whose verified password is cached. */
const maxVerified = 100;

/** Shared state of all password checks, which survives changes of the configuration. */
export interface PasswordChecks {
  readonly comparisons: Comparisons;
  readonly failures: FailureLimit;
}

/** A random key of this process. Without this key, an attacker can't use the cached digests to guess passwords. */
const key = randomBytes(32);

/** Checks passwords. Caches verified passwords, so that bcrypt does not run on every scrape. */
export class Passwords {
  readonly #users: ReadonlyMap<string, string>;
  readonly #checks: PasswordChecks;
  readonly #verified = new Map<string, Buffer>();
  readonly #running = new Map<string, Promise<Verdict>>();
  readonly #highestCost: number;

  /** Verified passwords of `previous` stay verified for users with an unchanged hash. */
  constructor(users: ReadonlyMap<string, string>, checks: PasswordChecks, previous?: Passwords) {
    this.#users = users;
    this.#checks = checks;
    this.#highestCost = Math.max(...[...users.values()].map(costOf), lowestCost);
    if (previous === undefined) return;
    for (const [user, digest] of previous.#verified) {
      if (users.has(user) && previous.#users.get(user) === users.get(user)) this.#verified.set(user, digest);
    }
  }

  /** Whether requests need a password. */
  get required(): boolean {
    return this.#users.size > 0;
  }

  /**
   * Checks the password of a user. Concurrent checks of the same password share one comparison.
   *
   * A cached password is granted immediately, independent of other checks. All rejections after a comparison take the
   * same time, so that their duration does not reveal which users exist.
   */
  async verify(user: string, password: string, address?: string): Promise<Verdict> {
    const digest = createHmac('sha256', key)
      .update(JSON.stringify([user, password]))
      .digest();
    const known = this.#verified.get(user);
    if (known !== undefined && timingSafeEqual(known, digest)) return 'granted';
    const name = digest.toString('base64');
    let running = this.#running.get(name);
    if (running === undefined) {
      const { failures } = this.#checks;
      if (!failures.take(address)) return 'limited';
      running = this.#compare(user, password, digest).finally(() => this.#running.delete(name));
      this.#running.set(name, running);
      if ((await running) !== 'denied') failures.giveBack(address);
    }
    return running;
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
    if (this.#verified.size < maxVerified || this.#verified.has(user)) this.#verified.set(user, digest);
    return 'granted';
  }
}

/** The lowest bcrypt cost. The cost is the binary logarithm of the number of rounds. */
const lowestCost = 4;

function costOf(hash: string): number {
  return Number(hash.slice(4, 6));
}

/**
 * Returns the costs of additional comparisons. One comparison with `cost` and these additional ones together take as
 * long as one with `highest`: 2^c + (2^c + 2^(c+1) + … + 2^(h-1)) = 2^h.
 */
function costsUpTo(highest: number, cost: number): number[] {
  return Array.from({ length: highest - cost }, (_, index) => cost + index);
}

/** A random hash that no password matches. */
function decoyOf(cost: number): string {
  // bcrypt uses the alphabet of base64 with "." instead of "+", and without padding.
  const letters = randomBytes(40).toString('base64').replaceAll('+', '.').slice(0, 53);
  return `$2b$${String(cost).padStart(2, '0')}$${letters}`;
}
