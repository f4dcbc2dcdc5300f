/** How long a scrape waits for the foreign metrics, the metrics that the application registered with prom-client. */
export const FOREIGN_DEADLINE_MILLISECONDS = 1_000;

/**
 * How long a scrape waits for a single foreign metric.
 *
 * Shorter than the deadline of the scrape, so that the other foreign metrics arrive in time.
 */
export const COLLECT_MILLISECONDS = 900;

/**
 * Calls all readers and returns their results, in order.
 *
 * The result is `undefined` if a reader throws, rejects or takes longer than `milliseconds`. Never rejects.
 */
export async function collectForeign<Result>(
  readers: readonly (() => Promise<Result>)[],
  milliseconds = COLLECT_MILLISECONDS,
): Promise<(Result | undefined)[]> {
  let timeout: NodeJS.Timeout | undefined;
  const expired = new Promise<undefined>((resolve) => {
    timeout = setTimeout(() => resolve(undefined), Math.max(0, Math.min(milliseconds, COLLECT_MILLISECONDS)));
  });
  try {
    return await Promise.all(readers.map((read) => Promise.race([attempt(read), expired])));
  } finally {
    clearTimeout(timeout);
  }
}

async function attempt<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}
