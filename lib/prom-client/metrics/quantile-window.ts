// @ts-expect-error tdigest has no types
import tdigest from 'tdigest';

/** The parts of a t-digest that are used here. Source: https://github.com/welch/tdigest */
interface Digest {
  readonly centroids: { readonly size: number };
  push(value: number): void;
  percentile(quantile: number): number | undefined;
  compress(): void;
  reset(): void;
  size(): number;
}

const { TDigest } = tdigest as { readonly TDigest: new () => Digest };

/** The settings of a {@link QuantileWindow}. */
export interface QuantileWindowOptions {
  /** The length of the window in seconds. Without it or `ageBuckets`, the window contains all values. */
  readonly maxAgeSeconds?: number | undefined;
  /** The number of age buckets. The window moves every `maxAgeSeconds / ageBuckets` seconds. */
  readonly ageBuckets?: number | undefined;
}

/**
 * Estimates quantiles of the values in a sliding window.
 *
 * Each age bucket contains the values since a different time. Quantiles are read from the current bucket, which is the
 * oldest one. When its values are too old, an empty bucket replaces it, and the next bucket becomes the current one.
 */
export class QuantileWindow {
  /** One digest per age bucket. The buckets share a digest until they are replaced, as in prom-client. */
  readonly digests: Digest[];
  /** How long a bucket is the current one, in milliseconds. */
  readonly rotationInterval: number;
  #current = 0;
  #lastRotation = Date.now();

  constructor({ maxAgeSeconds, ageBuckets }: QuantileWindowOptions) {
    this.digests = new Array<Digest>(ageBuckets || 1).fill(new TDigest());
    this.rotationInterval =
      maxAgeSeconds && ageBuckets ? (maxAgeSeconds * 1_000) / ageBuckets : Number.POSITIVE_INFINITY;
  }

  /** The index of the current bucket. */
  get current(): number {
    return this.#current;
  }

  /** The number of centroids in the current bucket; 0 if it contains no values. A centroid represents close values. */
  size(): number {
    return this.#rotate().size();
  }

  /** Returns a quantile, or undefined if there are no values. */
  percentile(quantile: number): number | undefined {
    return this.#rotate().percentile(quantile);
  }

  push(value: number): void {
    this.#rotate();
    for (const digest of this.digests) digest.push(value);
  }

  reset(): void {
    for (const digest of this.digests) digest.reset();
  }

  /** Merges close values, to limit the memory of the window. */
  compress(): void {
    for (const digest of this.digests) digest.compress();
  }

  /** Replaces the buckets that became too old since the last call. Returns the current bucket. */
  #rotate(): Digest {
    const elapsed = Date.now() - this.#lastRotation;
    const steps = Math.max(0, Math.ceil(elapsed / this.rotationInterval) - 1);
    if (steps > 0) {
      const { length } = this.digests;
      for (let step = 0; step < Math.min(steps, length); step++) {
        this.digests[(this.#current + step) % length] = new TDigest();
      }
      this.#current = (this.#current + steps) % length;
      this.#lastRotation += steps * this.rotationInterval;
    }
    return this.digests[this.#current] as Digest;
  }
}
