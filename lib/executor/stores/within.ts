/** The result of {@link within} when the time limit passed. */
export const tooLate = Symbol('too late');

/**
 * Waits for work, or returns {@link tooLate} after the time limit. The later result or error of the work is ignored.
 */
export async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result | typeof tooLate> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<typeof tooLate>((resolve) => {
    // The timer keeps the process alive, because the socket of the work does not.
    timer = setTimeout(() => resolve(tooLate), milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
