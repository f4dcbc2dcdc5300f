import { performance } from 'node:perf_hooks';
import { isAsyncFunction, isGeneratorFunction, isPromise } from 'node:util/types';
import type { SeriesBinder } from '../recording/bind-labels.js';
import type { CallSeries } from '../recording/call-series.js';
import { settleFailure, settleResult } from '../recording/settle.js';
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
  return {
    wrapper(this: unknown, ...args: unknown[]): unknown {
      // Only the copy outlives the call's start: V8 then hands `args` on to the method without making an array of it.
      const given = listOf(...args);
      const series = bind(this, given).begin();
      const started = performance.now();
      let result: unknown;
      try {
        result = method.apply(this, args);
      } catch (error) {
        settleFailure(series, started, error, given);
        throw error;
      }
      if (isPlainPromise(result, isAsync)) {
        const succeed = (value: unknown): unknown => {
          if (!isObject(value) || !watchStream(value, series, started, given)) settleResult(series, started, value);
          return value;
        };
        const known = isAsync ? undefined : handedOn.get(result);
        if (known !== undefined) {
          whenSettled(result, succeed, (error) => settleFailure(series, started, error, given));
          return known;
        }
        const answered = whenSettled(result, succeed, (error) => {
          settleFailure(series, started, error, given);
          throw error;
        });
        if (!isAsync) handOn(result, answered);
        return answered;
      }
      if (
        isObject(result) &&
        (watchThenable(result, series, started, given) || watchStream(result, series, started, given))
      ) {
        return result;
      }
      settleResult(series, started, result);
      return result;
    },
  }.wrapper;
}

/** A subclass may hold more than a promise does, and need more to be made: it is followed as any other thenable. */
function isPlainPromise(value: unknown, isKnown: boolean): value is Promise<unknown> {
  try {
    // The last and dearest question is for a proxy, whose promise nothing can be asked of.
    return isKnown || (value instanceof Promise && value.constructor === Promise && isPromise(value));
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
