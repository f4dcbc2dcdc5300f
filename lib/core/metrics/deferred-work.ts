/** Work that could not be done because the stack was full. */
export interface DeferredWork {
  /** Called once, with enough stack. */
  run(): void;
  readonly next: DeferredWork | undefined;
}

/**
 * The work to do as soon as the stack has room again, the latest first.
 *
 * A `catch` block adds to it by assignment alone: a function call would overflow the stack again.
 */
export const deferredWork: { last: DeferredWork | undefined } = { last: undefined };

/** Recording the end of a call takes less of the stack than so many arguments, of 8 bytes each. */
const ARGUMENTS: readonly undefined[] = Array.from({ length: 3_000 });

/** Does the deferred work if the stack has room for it. Never throws. */
export function runDeferredWork(): void {
  try {
    requireStack();
    for (let work = deferredWork.last; work !== undefined; work = deferredWork.last) {
      deferredWork.last = work.next;
      work.run();
    }
  } catch {
    // The stack is still full, or the work failed, which nobody can be told.
  }
}

/**
 * Makes sure that the stack has 24 KiB left, so that work that begins now is not interrupted by an overflow.
 *
 * @throws {RangeError} if it has not.
 */
export function requireStack(): void {
  // The arguments are put on the stack whether or not the code is optimized. Nested calls take less when it is.
  takeArguments.apply(undefined, ARGUMENTS as []);
}

function takeArguments(): void {}
