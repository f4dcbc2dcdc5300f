import { performance } from 'node:perf_hooks';
import { isAsyncFunction, isGeneratorFunction } from 'node:util/types';
import { callContext } from '../metrics/call-context.js';
import { WRITES_CELL } from '../metrics/cells.js';
import { type DeferredWork, deferredWork } from '../metrics/deferred-work.js';
import type { CallSeries } from '../recording/call-series.js';
import { copyPromise } from '../recording/copy-promise.js';
import { isPlainPromise } from '../recording/is-plain-promise.js';
import { keepContext } from '../recording/keep-context.js';
import type { SeriesBinder } from '../recording/label-plan.js';
import { type OpenCall, recordDeferredFailure, settleFailure, settleResult } from '../recording/settle.js';
import { watchResult } from '../recording/watch-result.js';
import { watchThenable } from '../recording/watch-thenable.js';
import type { AnyMethod } from './wrap-method.js';

/**
 * Maps each promise that a method returned to its replacement for the callers. A method can return the same promise
 * again. Its callers then receive the same replacement.
 */
const returnedPromises = new WeakMap<Promise<unknown>, Promise<unknown>>();

/**
 * Wraps a method: counts a call, marks it as active, and settles it exactly once.
 *
 * The call settles when the returned promise settles, or with the last chunk if the promise's value is a stream. If the
 * method returns a thenable, the call settles when the thenable is awaited. If it returns a stream, the call settles
 * with the last chunk. Otherwise it settles at once.
 *
 * Arguments, results and errors pass through as identical objects, except for native promises: the caller receives
 * another promise with the same result. If the new promise rejects and the caller does not handle the rejection, Node
 * reports the rejection as unhandled, as without the decorator. Node also reports it if the method has handled the
 * rejection of its own promise, because the decorator cannot detect that.
 *
 * While `state` is not enabled, calls are not recorded.
 */
export function observe(
  method: AnyMethod,
  bind: SeriesBinder<CallSeries>,
  state: { readonly isEnabled: boolean },
): AnyMethod {
  // An async function returns a new promise at each call.
  const isAsync = isAsyncFunction(method) && !isGeneratorFunction(method);
  /** Runs the method in the context of its call. Streams that it returns keep the context. */
  const inScope = (call: ReturningCall, self: unknown, args: IArguments): unknown =>
    callContext.run(call.series.scope!, () => {
      call.result = method.apply(self, args as unknown as unknown[]);
      keepContext(call.result);
      return isAsync ? followAsync(call) : follow(call);
    });
  // In recursive calls, each local variable and each argument takes stack space: keep this frame small.
  return {
    wrapper(this: unknown): unknown {
      // biome-ignore-start lint/complexity/noArguments: rest parameters take more of the stack
      // An older copy of the package that was loaded first has no such state.
      if (state.isEnabled === false) return method.apply(this, arguments as unknown as unknown[]);
      const call = begin(bind, this, copyArguments.apply(undefined, arguments as unknown as unknown[]));
      try {
        if (call.series.scope !== undefined) return inScope(call, this, arguments);
        call.result = method.apply(this, arguments as unknown as unknown[]);
        return isAsync ? followAsync(call) : follow(call);
      } catch (error) {
        try {
          fail(call, error);
        } catch {
          // The stack is full. The following lines call no function, so that the stack can't overflow again.
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

/**
 * A call and the result of its method. If the method throws while the stack is full, this object also stores the error
 * until it can be recorded.
 */
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
    recordDeferredFailure(this, this.result);
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
 * Settles a call with its result, at once or when the result settles. Returns the result, or a promise of the same
 * value.
 *
 * If the stack overflows, this function throws before it has any effect. The caller must then settle the call with that
 * error.
 */
function follow(call: ReturningCall): unknown {
  const { series, started, args, result } = call;
  if (isPlainPromise(result)) return followPromise(result, call);
  const isFollowed = (isObject(result) && watchThenable(result, series, started, args)) || watchResult(result, call);
  if (!isFollowed) settleResult(series, started, result);
  return result;
}

function followPromise(promise: Promise<unknown>, call: ReturningCall): unknown {
  const known = returnedPromises.get(promise);
  if (known !== undefined) {
    whenSettled(
      promise,
      (value) => succeed(call, value),
      (error) => fail(call, error),
    );
    return known;
  }
  const returned = followAsync(call);
  try {
    returnedPromises.set(promise, returned);
    copyPromise(promise, returned);
  } catch {
    // The stack is full. The call is still recorded, but the new promise lacks the properties that the method added to
    // the original promise.
  }
  return returned;
}

/** Settles a call when its native promise settles. Returns another promise of the same value. */
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

function succeed(call: OpenCall, value: unknown): unknown {
  if (call.series.scope !== undefined) keepContext(value);
  if (!watchResult(value, call)) settleResult(call.series, call.started, value);
  return value;
}

/** Calls the native `then`, as `await` does, even if the promise has its own `then`. */
function whenSettled(
  promise: Promise<unknown>,
  succeed: (value: unknown) => unknown,
  fail: (error: unknown) => unknown,
): Promise<unknown> {
  return Promise.prototype.then.call(promise, succeed, fail);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * Copies the arguments. A label function can change the list that it receives, and that must not change the method's
 * arguments.
 */
function copyArguments(...values: unknown[]): readonly unknown[] {
  return values;
}
