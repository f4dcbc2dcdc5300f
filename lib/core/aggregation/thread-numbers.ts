/**
 * The number under which a follower receives the registry's first chain of segments in this thread. The next chains
 * have the numbers -1, -2 and so on. Other threads have numbers above 0.
 */
export const OWN_MEMORY = 0;

/** The number for the sum of all ended threads. No thread has this number. */
export const ENDED_THREADS = Number.MIN_SAFE_INTEGER;

/** Whether a number is that of memory of this thread. */
export function isOwnMemory(number: number): boolean {
  return number <= OWN_MEMORY && number !== ENDED_THREADS;
}
