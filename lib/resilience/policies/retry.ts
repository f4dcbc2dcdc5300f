import { ExponentialBackoff, halfJitterGenerator } from 'cockatiel';
import { wait } from './wait.js';

/** Limits of the attempts and the delays between them. */
export interface RetryLimits {
  /** Maximum number of attempts, including the first. Default: 3. */
  readonly attempts?: number | undefined;
  /** Maximum delay before the second attempt, in seconds. It doubles for each further attempt. Default: 0.5. */
  readonly initialDelaySeconds?: number | undefined;
  /** Maximum delay between any two attempts, in seconds, unless the server requests a longer one. Default: 10. */
  readonly maxDelaySeconds?: number | undefined;
}

/** Options of {@link retry}. */
export interface RetryOptions extends RetryLimits {
  /** Returns why an error can be retried, or undefined if it cannot. */
  readonly reasonOf: (error: unknown) => string | undefined;
  /** Returns the delay that the server requested with this error, in seconds. */
  readonly retryAfterSeconds?: (error: unknown) => number | undefined;
  /** Called with the reason when another attempt begins. */
  readonly onRetry?: (reason: string) => void;
  /** After an abort there are no more attempts, and a delay rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Waits between attempts. Default: a timer of this process. */
  readonly wait?: (seconds: number, signal?: AbortSignal) => Promise<void>;
}

/** The longest delay that a server can request, in seconds, unless `maxDelaySeconds` is longer. */
const maxRetryAfterSeconds = 60;

/**
 * Runs work until it succeeds, its error cannot be retried, or the attempts are used up. Throws the last error
 * unchanged.
 *
 * The delays grow exponentially. Half of each delay is random, so that clients that failed together do not retry
 * together. If the server requests a longer delay, `retry` waits that long. If the server requests more than 60 s and
 * more than `maxDelaySeconds`, there is no further attempt.
 *
 * The delays are those of cockatiel. Its retry policy is not used because its delays ignore an abort.
 */
export async function retry<Result>(work: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  const { attempts = 3, initialDelaySeconds = 0.5, maxDelaySeconds = 10, signal } = options;
  const backoff = new ExponentialBackoff({
    generator: halfJitterGenerator,
    initialDelay: initialDelaySeconds * 1000,
    maxDelay: maxDelaySeconds * 1000,
  });
  let delay = backoff.next();
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || signal?.aborted) throw error;
      const reason = options.reasonOf(error);
      const requested = options.retryAfterSeconds?.(error) ?? 0;
      if (reason === undefined || requested > Math.max(maxRetryAfterSeconds, maxDelaySeconds)) throw error;
      await (options.wait ?? wait)(Math.max(delay.duration / 1000, requested), signal);
      delay = delay.next(undefined);
      options.onRetry?.(reason);
    }
  }
}
