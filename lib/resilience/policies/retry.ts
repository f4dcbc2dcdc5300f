import { ExponentialBackoff, halfJitterGenerator } from 'cockatiel';
import { wait } from './wait.js';

/** How often work is tried, and how long is waited in between. */
export interface RetryLimits {
  /** Tries in all, the first one included; default 3. */
  readonly attempts?: number | undefined;
  /** The longest wait before the second try, in seconds; it doubles from try to try. Default 0.5. */
  readonly initialDelaySeconds?: number | undefined;
  /** The longest wait of all, in seconds; default 10. */
  readonly maxDelaySeconds?: number | undefined;
}

/** What {@link retry} is to know of the work. */
export interface RetryOptions extends RetryLimits {
  /** Why a failure is worth another try; undefined when it is not. */
  readonly reasonOf: (error: unknown) => string | undefined;
  /** How long the other side asks to be left alone after a failure, in seconds. */
  readonly retryAfterSeconds?: (error: unknown) => number | undefined;
  /** Told as another try begins. */
  readonly onRetry?: (reason: string) => void;
  /** Ends everything early: the work's failure then stands, and a wait ends with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Default the process's own timers. */
  readonly wait?: (seconds: number, signal?: AbortSignal) => Promise<void>;
}

/** A longer wait than this, in seconds, that the other side asks for is none a caller would sit out. */
const longestRetryAfter = 60;

/**
 * Does work, again and again until it succeeds, its failure is not worth another try, or the tries are used up.
 *
 * The waits grow exponentially with half of each left to chance, so that those who failed together do not come back
 * together; the other side's own wish goes before a shorter wait, up to 60 s (or `maxDelaySeconds`, if longer). When it
 * wishes for more, there is no further try. The last failure is thrown as it is.
 *
 * The growth is cockatiel's; its retry policy itself sleeps through an abort.
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
      const wished = options.retryAfterSeconds?.(error) ?? 0;
      if (reason === undefined || wished > Math.max(longestRetryAfter, maxDelaySeconds)) throw error;
      await (options.wait ?? wait)(Math.max(delay.duration / 1000, wished), signal);
      delay = delay.next(undefined);
      options.onRetry?.(reason);
    }
  }
}
