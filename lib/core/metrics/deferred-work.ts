/** Work that was postponed because the stack was full. */
export interface DeferredWork {
  /** Called once, with enough stack. */
  run(): void;
  next: DeferredWork | undefined;
}

/**
 * The work to do as soon as the stack has room again, latest first.
 *
 * A `catch` block adds to it by assignments only, because a function call would overflow the stack again. An object
 * literal with properties would overflow it too, because V8 checks the stack when it creates such an object. For the
 * empty literal `{}`, V8 does not check the stack.
 */
export const deferredWork: { last: DeferredWork | undefined } = { last: undefined };

/**
 * The required stack, as a number of arguments of 8 bytes each. Recording the end of a call takes less stack than
 * `toRecord`, even if V8 has to compile the functions first.
 */
const ROOM = { toChange: 2_000, toRecord: 8_000, toRunDeferred: 16_000 } as const;
const ARGUMENTS = Object.fromEntries(
  Object.entries(ROOM).map(([name, count]) => [name, new Array<number>(count).fill(0)]),
) as Record<keyof typeof ROOM, number[]>;

let isRunning = false;

/** Does the deferred work if the stack has enough room for it. Never throws. */
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
    // The stack is still full, or the work failed. There is nowhere to report that.
  }
  isRunning = false;
}

/**
 * Checks that 62 KiB of stack are left, so that work which begins now is not interrupted by an overflow.
 *
 * Running deferred work requires 125 KiB. Changing the chunks of a native histogram requires 16 KiB.
 *
 * @throws {RangeError} if the stack has less room.
 */
export function requireStack(purpose: keyof typeof ROOM = 'toRecord'): boolean {
  // This call puts all arguments on the stack, even those that `Object.is` ignores, in optimized and unoptimized code.
  // So it throws if the stack has less room.
  return Reflect.apply(Object.is, undefined, ARGUMENTS[purpose]);
}
