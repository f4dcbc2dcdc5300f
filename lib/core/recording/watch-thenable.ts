import type { CallSeries } from './call-series.js';
import { settleAbandoned, settleFailure, settleResult } from './settle.js';
import { hasMethod, shadow } from './shadow.js';
import { isApiPromise, watchApiPromise } from './watch-api-promise.js';
import { watchStream } from './watch-stream.js';

/** A call whose result is a thenable. */
interface ThenableCall {
  succeed(value: unknown): void;
  fail(error: unknown): void;
  /** Whether the call goes on with an iterator of the thenable, as a stream. */
  iterate(iterator: object): boolean;
}

type Method = (...args: unknown[]) => unknown;

/** The unsettled calls that gave each thenable. */
const watched = new WeakMap<object, Set<ThenableCall>>();

/** Settles the calls of thenables that nobody awaited and nobody can any more. */
const abandoned = new FinalizationRegistry<OpenCall>(({ open, series, started }) => {
  if (open) settleAbandoned(series, started);
});

/** What is left to settle when a thenable is gone; holds no argument, which could be the thenable itself. */
interface OpenCall {
  open: boolean;
  readonly series: CallSeries;
  readonly started: number;
}

/**
 * Follows a thenable that is no plain promise: a query builder that runs when it is awaited, a promise subclass with
 * more to it. It stays the identical object and is not awaited for its own sake; the call settles when the first who
 * awaits it is answered, at the end of its iteration if it is iterated instead, or, as cancelled, when it is
 * garbage-collected without either.
 *
 * Returns whether the result is such a thenable; if not, nothing was done.
 */
export function watchThenable(result: object, series: CallSeries, started: number, args: readonly unknown[]): boolean {
  const calls = thenableCalls(result);
  if (calls === undefined) return false;
  const call: OpenCall = { open: true, series, started };
  const listener: ThenableCall = {
    succeed: (value) => {
      call.open = false;
      const isStream = typeof value === 'object' && value !== null && watchStream(value, series, started, args);
      if (!isStream) settleResult(series, started, value);
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
    // Asked for once, as `await` does: a getter may give another the next time.
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
    else shadowThen(result, then as Method, listener);
    if (hasMethod(result, Symbol.asyncIterator)) shadowIteration(result, result[Symbol.asyncIterator], calls);
    watched.set(result, calls);
    return calls;
  } catch {
    // A frozen or exotic object that cannot be followed: its call settles now.
    return undefined;
  }
}

function shadowThen(thenable: object, then: Method, { succeed, fail }: Omit<ThenableCall, 'iterate'>): void {
  shadow(thenable, 'then', (onFulfilled?: unknown, onRejected?: unknown) => {
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

function shadowIteration(thenable: object, iterate: Method, calls: Set<ThenableCall>): void {
  shadow(thenable, Symbol.asyncIterator, (...args: unknown[]) => {
    const iterator = iterate.apply(thenable, args);
    if (typeof iterator === 'object' && iterator !== null) {
      for (const call of calls) if (call.iterate(iterator)) calls.delete(call);
    }
    return iterator;
  });
}
