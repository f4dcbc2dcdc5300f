/** Waits until readers of shared memory see the removals of a reset. */
export async function endOfTurn(): Promise<void> {
  await Promise.resolve();
}
