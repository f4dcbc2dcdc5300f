/**
 * Waits for work. If the signal is aborted, waits at most for the grace period, then throws the reason of the signal.
 *
 * Abandoned work continues in the background. During the grace period (in milliseconds), the work can react to the
 * signal and release its resources.
 */
export async function settleOrAbandon<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
  grace: number,
): Promise<Result> {
  if (signal === undefined) return work;
  let timer: NodeJS.Timeout | undefined;
  let startGrace: () => void = () => undefined;
  const abandoned = new Promise<never>((_resolve, reject) => {
    startGrace = () => {
      timer = setTimeout(() => reject(signal.reason), grace);
    };
  });
  if (signal.aborted) startGrace();
  else signal.addEventListener('abort', startGrace, { once: true });
  try {
    return await Promise.race([work, abandoned]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', startGrace);
  }
}
