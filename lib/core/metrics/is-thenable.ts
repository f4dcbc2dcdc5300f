/** Whether a value has a `then`, as promises do; reading it may throw what its getter throws. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
