import type { Slices } from './slices.js';

/** How long a scrape waits for foreign metrics: those that the application registered with prom-client. */
export const FOREIGN_DEADLINE_MILLISECONDS = 1_000;

/** How long a scrape waits if the main thread reports that it needs more time. Prometheus waits 10 s by default. */
export const FOREIGN_DELAYED_MILLISECONDS = 8_000;

/**
 * How long a scrape waits for a single foreign metric.
 *
 * Shorter than the deadline of the scrape, so that the other foreign metrics arrive in time.
 */
export const COLLECT_MILLISECONDS = 900;

/** Options of `collectForeign`. */
export interface CollectOptions<Data, Result> {
  /** How long to wait for each reader. Default and maximum: `COLLECT_MILLISECONDS`. */
  readonly milliseconds?: number | undefined;
  /** Pauses between the readers. Default: all readers are called without pauses. */
  readonly slices?: Slices | undefined;
  /** Converts the data of a reader to the result as soon as the data arrives. May take longer than `milliseconds`. */
  readonly use: (data: Data, index: number) => Promise<Result> | Result;
}

const EXPIRED = Symbol('expired');

/**
 * Calls all readers and returns their results, in order.
 *
 * The result is `undefined` if a reader throws, rejects or takes longer than `milliseconds`. Never rejects.
 */
export async function collectForeign<Data, Result>(
  readers: readonly (() => Promise<Data> | Data)[],
  { milliseconds = COLLECT_MILLISECONDS, slices, use }: CollectOptions<Data, Result>,
): Promise<(Result | undefined)[]> {
  let expire = (_: typeof EXPIRED): void => {};
  const expired = new Promise<typeof EXPIRED>((resolve) => {
    expire = resolve;
  });
  const attempt = async (read: () => Promise<Data> | Data, index: number): Promise<Result | undefined> => {
    try {
      const data = await Promise.race([read(), expired]);
      return data === EXPIRED ? undefined : await use(data, index);
    } catch {
      return undefined;
    }
  };
  const attempts: Promise<Result | undefined>[] = [];
  for (const [index, read] of readers.entries()) {
    attempts.push(attempt(read, index));
    if (slices?.isUsedUp) await slices.pause();
  }
  const timeout = setTimeout(() => expire(EXPIRED), Math.max(0, Math.min(milliseconds, COLLECT_MILLISECONDS)));
  try {
    return await Promise.all(attempts);
  } finally {
    clearTimeout(timeout);
  }
}
