/**
 * What some work comes to; but if a signal is aborted and the work has still not ended after the grace, the
 * signal's reason is thrown and the work is left to itself.
 *
 * The grace, in milliseconds, is for work that heeds the signal and has to close what it opened.
 */
export async function settledOrLeft<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
  grace: number,
): Promise<Result> {
  if (signal === undefined) return work;
  let timer: NodeJS.Timeout | undefined;
  let leave: () => void = () => undefined;
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => {
      timer = setTimeout(() => reject(signal.reason), grace);
    };
  });
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, left]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}
