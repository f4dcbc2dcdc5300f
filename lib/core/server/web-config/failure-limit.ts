import { isIPv6 } from 'node:net';
import { performance } from 'node:perf_hooks';

/** Limits for wrong passwords per address. */
export interface FailureLimits {
  /** Maximum burst of wrong passwords; default 10. */
  readonly burst?: number;
  /** Long-term rate of wrong passwords per second; default 1. */
  readonly perSecond?: number;
  /**
   * Maximum number of stored addresses; default 10,000.
   *
   * At the limit, the address whose last attempt is the oldest is removed.
   */
  readonly addresses?: number;
  /** A monotonic clock in milliseconds; default `performance.now`. */
  readonly now?: () => number;
}

interface Bucket {
  tokens: number;
  /** The time at which `tokens` was computed. */
  at: number;
}

/** Limits the wrong passwords of each address with a token bucket. An IPv6 network (/64) counts as one address. */
export class FailureLimit {
  readonly #options: Required<FailureLimits>;
  /** The buckets by address. The most recently used one comes last. */
  readonly #buckets = new Map<string, Bucket>();

  constructor({ burst = 10, perSecond = 1, addresses = 10_000, now = () => performance.now() }: FailureLimits = {}) {
    this.#options = { burst, perSecond, addresses, now };
  }

  /** Takes a token before a password is compared. Returns false if the address has no tokens left. */
  take(address: string | undefined): boolean {
    const { burst, perSecond, addresses, now } = this.#options;
    const key = networkOf(address ?? '');
    const at = now();
    const known = this.#buckets.get(key) ?? { tokens: burst, at };
    const tokens = Math.min(burst, known.tokens + ((at - known.at) / 1_000) * perSecond);
    const isAllowed = tokens >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, at });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > addresses && oldest !== undefined) this.#buckets.delete(oldest);
    return isAllowed;
  }

  /** Returns a token, because the password was correct or was not compared. */
  giveBack(address: string | undefined): void {
    const bucket = this.#buckets.get(networkOf(address ?? ''));
    if (bucket !== undefined) bucket.tokens = Math.min(this.#options.burst, bucket.tokens + 1);
  }
}

/** The /64 network of an IPv6 address, because one client can own the whole network; other addresses unchanged. */
function networkOf(address: string): string {
  const ipv4 = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (ipv4 !== undefined) return ipv4;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%', 1)[0]!.split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - last.length;
  return [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...last].slice(0, 4).join(':');
}
