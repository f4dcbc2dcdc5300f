import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Comparisons } from './comparisons.js';

/** What a check of a password came to; `busy` when too many wait to be checked. */
export type Verdict = 'granted' | 'denied' | 'busy';

/** The most users whose password is remembered as verified. */
const maxRemembered = 100;

/** A key of this process, without which what is remembered of passwords is of no use. */
const key = randomBytes(32);

/** Checks users' passwords, and remembers verified ones so that bcrypt is paid once and not on every scrape. */
export class Passwords {
  readonly #users: ReadonlyMap<string, string>;
  readonly #comparisons: Comparisons;
  readonly #verified = new Map<string, Buffer>();
  readonly #underWay = new Map<string, Promise<Verdict>>();
  /** Of no password, and as costly to check as the costliest there is: an unknown user shall not be told by time. */
  readonly #decoy: string;

  constructor(users: ReadonlyMap<string, string>, comparisons: Comparisons) {
    this.#users = users;
    this.#comparisons = comparisons;
    this.#decoy = decoyFor([...users.values()]);
  }

  /** Whether anybody is asked for a password. */
  get required(): boolean {
    return this.#users.size > 0;
  }

  /** Checks a user's password; the same one asked for several times at once is compared once. */
  async verify(user: string, password: string): Promise<Verdict> {
    const digest = createHmac('sha256', key)
      .update(JSON.stringify([user, password]))
      .digest();
    const known = this.#verified.get(user);
    if (known !== undefined && timingSafeEqual(known, digest)) return 'granted';
    const name = digest.toString('base64');
    let underWay = this.#underWay.get(name);
    if (underWay === undefined) {
      underWay = this.#compare(user, password, digest).finally(() => this.#underWay.delete(name));
      this.#underWay.set(name, underWay);
    }
    return underWay;
  }

  async #compare(user: string, password: string, digest: Buffer): Promise<Verdict> {
    const hash = this.#users.get(user);
    const matches = await this.#comparisons.compare(password, hash ?? this.#decoy);
    if (matches === undefined) return 'busy';
    if (!matches || hash === undefined) return 'denied';
    if (this.#verified.size < maxRemembered || this.#verified.has(user)) this.#verified.set(user, digest);
    return 'granted';
  }
}

function decoyFor(hashes: readonly string[]): string {
  const costs = hashes.map((hash) => hash.slice(4, 6)).sort();
  // Of bcrypt's alphabet, whose 64 letters are those of base64 but for "+" and the padding.
  const letters = randomBytes(40).toString('base64').replaceAll('+', '.').slice(0, 53);
  return `$2b$${costs.at(-1) ?? '10'}$${letters}`;
}
