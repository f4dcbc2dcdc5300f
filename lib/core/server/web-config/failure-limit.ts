import { isIPv6 } from 'node:net';
import { performance } from 'node:perf_hooks';

/** How many wrong passwords an address may send. */
export interface FailureLimits {
  /** Wrong passwords at once; default 10. */
  readonly burst?: number;
  /** Wrong passwords per second in the long run; default 1. */
  readonly perSecond?: number;
  /** Addresses to remember; past it the one that failed longest ago is forgotten. Default 10,000. */
  readonly addresses?: number;
  /** Milliseconds of a monotonic clock; default `performance.now`. */
  readonly now?: () => number;
}

interface Bucket {
  tokens: number;
  /** When `tokens` was right. */
  at: number;
}

/** Limits the wrong passwords of each address by a token bucket. Networks of IPv6 (/64) count as one address. */
export class FailureLimit {
  readonly #options: Required<FailureLimits>;
  /** Addresses that failed; the latest comes last. */
  readonly #buckets = new Map<string, Bucket>();

  constructor({ burst = 10, perSecond = 1, addresses = 10_000, now = () => performance.now() }: FailureLimits = {}) {
    this.#options = { burst, perSecond, addresses, now };
  }

  /** Takes a token before a password is compared; false if the address has none left. */
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

  /** Gives a token back, because the password was right. */
  giveBack(address: string | undefined): void {
    const bucket = this.#buckets.get(networkOf(address ?? ''));
    if (bucket !== undefined) bucket.tokens = Math.min(this.#options.burst, bucket.tokens + 1);
  }
}

/** The /64 network of an IPv6 address, which one client can have as a whole; other addresses as they are. */
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
