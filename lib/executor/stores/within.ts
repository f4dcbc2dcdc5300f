/** The answer of work that got none in its time. */
export const tooLate = Symbol('too late');

/** Waits for work, and gives {@link tooLate} when it takes longer; its end, good or bad, is then nobody's. */
export async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result | typeof tooLate> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof tooLate>((resolve) => {
    // It holds the process until it is over: the socket that is waited for does not.
    timer = setTimeout(() => resolve(tooLate), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
