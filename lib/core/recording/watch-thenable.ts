import type { CallSeries } from './call-series.js';
import { hasMethod, overrideMethod } from './override-method.js';
import { settleAbandoned, settleFailure, settleResult } from './settle.js';
import { isApiPromise, watchApiPromise } from './watch-api-promise.js';
import { watchResult } from './watch-result.js';
import { watchStream } from './watch-stream.js';

/** A call whose result is a thenable. */
interface ThenableCall {
  succeed(value: unknown): void;
  fail(error: unknown): void;
  /** Treats an iterator of the thenable as the call's stream. Returns whether it is a stream. */
  iterate(iterator: object): boolean;
}

type Method = (...args: unknown[]) => unknown;

/** The unsettled calls that returned each thenable. */
const watched = new WeakMap<object, Set<ThenableCall>>();

/** Settles the calls of thenables that were garbage-collected without being awaited. */
const abandoned = new FinalizationRegistry<PendingThenableCall>(({ open, series, started }) => {
  if (open) settleAbandoned(series, started);
});

/**
 * The data for settling a call after its thenable was garbage-collected. It contains no arguments of the call, because
 * an argument could be the thenable and would keep it alive.
 */
interface PendingThenableCall {
  open: boolean;
  readonly series: CallSeries;
  readonly started: number;
}

/**
 * Follows a thenable that is not a plain promise, such as a query builder that runs when it is awaited, or a promise
 * subclass with more methods.
 *
 * The thenable stays the identical object, and only the application awaits it. The call settles when the first `await`
 * gets its result. If the thenable is iterated instead, the call settles at the end of the iteration. If it is
 * garbage-collected first, the call counts as cancelled.
 *
 * Returns whether the result is such a thenable. If it isn't, this function has no effect.
 */
export function watchThenable(result: object, series: CallSeries, started: number, args: readonly unknown[]): boolean {
  const calls = thenableCalls(result);
  if (calls === undefined) return false;
  const call: PendingThenableCall = { open: true, series, started };
  const listener: ThenableCall = {
    succeed: (value) => {
      call.open = false;
      if (!watchResult(value, { series, started, args })) settleResult(series, started, value);
    },
    fail: (error) => {
      call.open = false;
      settleFailure(series, started, error, args);
    },
    iterate: (iterator) => {
      const isStream = watchStream(iterator, series, started, args);
      if (isStream) call.open = false;
      return isStream;
    },
  };
  try {
    abandoned.register(result, call);
    calls.add(listener);
  } catch (error) {
    // The stack is full: the caller settles the call.
    call.open = false;
    throw error;
  }
  return true;
}

function thenableCalls(result: { readonly then?: unknown }): Set<ThenableCall> | undefined {
  try {
    // Read once, as `await` does: a getter may return another function the next time.
    const { then } = result;
    if (typeof then !== 'function') return undefined;
    const known = watched.get(result);
    if (known !== undefined) return known;
    const calls = new Set<ThenableCall>();
    const settle = (how: (call: ThenableCall) => void): void => {
      const unsettled = [...calls];
      calls.clear();
      for (const call of unsettled) how(call);
    };
    const listener = {
      succeed: (value: unknown) => settle((call) => call.succeed(value)),
      fail: (error: unknown) => settle((call) => call.fail(error)),
    };
    if (isApiPromise(result)) watchApiPromise(result, listener);
    else overrideThen(result, then as Method, listener);
    if (hasMethod(result, Symbol.asyncIterator)) overrideIteration(result, result[Symbol.asyncIterator], calls);
    watched.set(result, calls);
    return calls;
  } catch {
    // A frozen or exotic object can't be followed. Its call settles now.
    return undefined;
  }
}

function overrideThen(thenable: object, then: Method, { succeed, fail }: Omit<ThenableCall, 'iterate'>): void {
  overrideMethod(thenable, 'then', (onFulfilled?: unknown, onRejected?: unknown) => {
    const fulfilled = (value: unknown): unknown => {
      succeed(value);
      return typeof onFulfilled === 'function' ? onFulfilled(value) : value;
    };
    const rejected = (error: unknown): unknown => {
      fail(error);
      if (typeof onRejected === 'function') return onRejected(error);
      throw error;
    };
    try {
      return then.call(thenable, fulfilled, rejected);
    } catch (error) {
      fail(error);
      throw error;
    }
  });
}

function overrideIteration(thenable: object, iterate: Method, calls: Set<ThenableCall>): void {
  overrideMethod(thenable, Symbol.asyncIterator, (...args: unknown[]) => {
    const iterator = iterate.apply(thenable, args);
    if (typeof iterator === 'object' && iterator !== null) {
      for (const call of calls) if (call.iterate(iterator)) calls.delete(call);
    }
    return iterator;
  });
}
