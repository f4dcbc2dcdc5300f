/** Work that could not be done because the stack was full. */
export interface DeferredWork {
  /** Called once, with enough stack. */
  run(): void;
  next: DeferredWork | undefined;
}

/**
 * The work to do as soon as the stack has room again, the latest first.
 *
 * A `catch` block adds to it by assignment alone: a function call would overflow the stack again. So would an object literal
 * with properties, which V8 copies with a check of the stack. An empty literal has none.
 */
export const deferredWork: { last: DeferredWork | undefined } = { last: undefined };

/** In arguments of 8 bytes. To record the end of a call takes less, also if V8 has to compile the functions first. */
const ROOM = { toRecord: 8_000, toRunDeferred: 16_000 } as const;
const ARGUMENTS = Object.fromEntries(
  Object.entries(ROOM).map(([name, count]) => [name, new Array<number>(count).fill(0)]),
) as Record<keyof typeof ROOM, number[]>;

let isRunning = false;

/** Does the deferred work if the stack has room for it. Never throws. */
export function runDeferredWork(): void {
  if (isRunning) return;
  try {
    requireStack('toRunDeferred');
    isRunning = true;
    for (let work = deferredWork.last; work !== undefined; work = deferredWork.last) {
      deferredWork.last = work.next;
      work.run();
    }
  } catch {
    // The stack is still full, or the work failed, which nobody can be told.
  }
  isRunning = false;
}

/**
 * Makes sure that the stack has 62 KiB left, so that work that begins now is not interrupted by an overflow. To run
 * deferred work it must have 125 KiB.
 *
 * @throws {RangeError} if it has not.
 */
export function requireStack(purpose: keyof typeof ROOM = 'toRecord'): boolean {
  // The arguments of a built-in function are put on the stack whether or not this code is optimized, also those that
  // the function ignores.
  return Reflect.apply(Object.is, undefined, ARGUMENTS[purpose]);
}
