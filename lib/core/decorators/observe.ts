import { performance } from 'node:perf_hooks';
import { isAsyncFunction, isGeneratorFunction, isPromise } from 'node:util/types';
import { WRITES_CELL } from '../metrics/cells.js';
import { type DeferredWork, deferredWork } from '../metrics/deferred-work.js';
import type { SeriesBinder } from '../recording/bind-labels.js';
import type { CallSeries } from '../recording/call-series.js';
import { type OpenCall, recordLateFailure, settleFailure, settleResult } from '../recording/settle.js';
import { shadow } from '../recording/shadow.js';
import { watchStream } from '../recording/watch-stream.js';
import { watchThenable } from '../recording/watch-thenable.js';
import type { AnyMethod } from './decorate.js';

/** The promise that is handed on in the place of one that a method may give again. */
const handedOn = new WeakMap<Promise<unknown>, Promise<unknown>>();

/**
 * The one wrapper: counts a call, holds it active, and settles it exactly once, when its result does.
 *
 * A promise settles with its value, and with the last chunk if that value is a stream; a thenable when it is awaited;
 * a stream with its last chunk; anything else at once. What the method is given, returns and throws passes through as
 * the identical object; a native promise is handed on as another promise of the same value, so that a rejection
 * nobody handles stays one. A rejection that the method itself has handled counts as unhandled if its caller does not
 * handle it too: that nobody can see from outside.
 */
export function observe(method: AnyMethod, bind: SeriesBinder<CallSeries>): AnyMethod {
  // What an async function gives is a promise of its own, new at each call.
  const isAsync = isAsyncFunction(method) && !isGeneratorFunction(method);
  // Recursion pays for each local and each argument of a call with stack: keep this frame small.
  return {
    wrapper(this: unknown): unknown {
      // biome-ignore-start lint/complexity/noArguments: rest parameters take more of the stack
      const call = begin(bind, this, listOf.apply(undefined, arguments as unknown as unknown[]));
      try {
        call.result = method.apply(this, arguments as unknown as unknown[]);
        return isAsync ? followAsync(call) : follow(call);
      } catch (error) {
        try {
          fail(call, error);
        } catch {
          // The stack is full. What follows calls no function, so that it can't overflow the stack again.
          call.series.active.page[call.series.active.offset]! -= 1;
          call.series.active.page[WRITES_CELL]! += 1;
          call.result = error;
          call.next = deferredWork.last;
          deferredWork.last = call;
        }
        throw error;
      }
      // biome-ignore-end lint/complexity/noArguments: as above
    },
  }.wrapper;
}

/** A call, and what its method returned. If the stack is full when the method throws, also the record of that failure. */
class ReturningCall implements OpenCall, DeferredWork {
  /** The result, or the error of a deferred failure. */
  result: unknown = undefined;
  next: DeferredWork | undefined = undefined;

  constructor(
    public series: CallSeries,
    readonly started: number,
    readonly args: readonly unknown[],
  ) {}

  run(): void {
    recordLateFailure(this, this.result);
  }
}

/** Begins a call. If the stack overflows, nothing has begun. */
function begin(bind: SeriesBinder<CallSeries>, self: unknown, args: readonly unknown[]): ReturningCall {
  const call = new ReturningCall(bind(self, args), performance.now(), args);
  call.series = call.series.begin();
  return call;
}

function fail({ series, started, args }: OpenCall, error: unknown): void {
  settleFailure(series, started, error, args);
}

/**
 * Settles a call with its result, when that does. Returns the result, or a promise of the same value.
 *
 * If the stack overflows, it throws before it has done anything, and the call is to be settled with that error.
 */
function follow(call: ReturningCall): unknown {
  const { series, started, args, result } = call;
  if (isPlainPromise(result)) return followPromise(result, call);
  if (
    isObject(result) &&
    (watchThenable(result, series, started, args) || watchStream(result, series, started, args))
  ) {
    return result;
  }
  settleResult(series, started, result);
  return result;
}

function followPromise(promise: Promise<unknown>, call: ReturningCall): unknown {
  const known = handedOn.get(promise);
  if (known !== undefined) {
    whenSettled(
      promise,
      (value) => succeed(call, value),
      (error) => fail(call, error),
    );
    return known;
  }
  const answered = followAsync(call);
  try {
    handOn(promise, answered);
  } catch {
    // The stack is full: the call is followed, but the promise has none of the other's properties.
  }
  return answered;
}

/** Settles a call whose result is a native promise, when that settles. Returns another promise of the same value. */
function followAsync(call: ReturningCall): Promise<unknown> {
  return whenSettled(
    call.result as Promise<unknown>,
    (value) => succeed(call, value),
    (error) => {
      fail(call, error);
      throw error;
    },
  );
}

function succeed({ series, started, args }: OpenCall, value: unknown): unknown {
  if (!isObject(value) || !watchStream(value, series, started, args)) settleResult(series, started, value);
  return value;
}

/** A subclass may hold more than a promise does, and need more to be made: it is followed as any other thenable. */
function isPlainPromise(value: unknown): value is Promise<unknown> {
  try {
    // The last and dearest question is for a proxy, whose promise nothing can be asked of.
    return value instanceof Promise && value.constructor === Promise && isPromise(value);
  } catch {
    return false;
  }
}

/** As `await` does it: a `then` of the promise's own is not asked. */
function whenSettled(
  promise: Promise<unknown>,
  succeed: (value: unknown) => unknown,
  fail: (error: unknown) => unknown,
): Promise<unknown> {
  return Promise.prototype.then.call(promise, succeed, fail);
}

/** Hands on a promise in another's place: always the same, with what the method put on it, a `cancel` say. */
function handOn(promise: Promise<unknown>, answered: Promise<unknown>): void {
  handedOn.set(promise, answered);
  for (const key of Object.keys(promise).filter((name) => name !== 'then')) {
    Object.defineProperty(answered, key, Object.getOwnPropertyDescriptor(promise, key) as PropertyDescriptor);
  }
  if (!Object.hasOwn(promise, 'then')) return;
  shadow(answered, 'then', (...handlers: Parameters<typeof promise.then>) => {
    // Who listens to the one has handled the other: neither rejection is to count as unhandled.
    whenSettled(answered, nothing, nothing);
    return promise.then(...handlers);
  });
}

function nothing(): void {}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** A label's resolver that changes what it gets does not change what the method gets. */
function listOf(...values: unknown[]): readonly unknown[] {
  return values;
}
