import { performance } from 'node:perf_hooks';
import type { CallSeries } from './call-series.js';
import type { AnyMethod } from './decorate.js';
import type { SeriesBinder } from './labels.js';
import { settleFailure, settleResult } from './settle.js';
import { watchStream } from './watch-stream.js';
import { watchThenable } from './watch-thenable.js';

/**
 * The one wrapper: counts a call, holds it active, and settles it exactly once, when its result does.
 *
 * A promise settles with its value, and with the last chunk if that value is a stream; a thenable when it is awaited;
 * a stream with its last chunk; anything else at once. What the method is given, returns and throws passes through as
 * the identical object; a native promise is handed on as the promise of the same value, so that a rejection nobody
 * handles stays one, and is one only once.
 */
export function observe(method: AnyMethod, bind: SeriesBinder<CallSeries>): AnyMethod {
  return {
    wrapper(this: unknown, ...args: unknown[]): unknown {
      const series = bind(this, args);
      const started = performance.now();
      series.calls.inc();
      series.active.inc();
      let result: unknown;
      try {
        result = method.apply(this, args);
      } catch (error) {
        settleFailure(series, started, error, args);
        throw error;
      }
      if (result instanceof Promise && result.then === Promise.prototype.then) {
        return result.then(
          (value: unknown) => {
            if (!isObject(value) || !watchStream(value, series, started, args)) settleResult(series, started, value);
            return value;
          },
          (error: unknown) => {
            settleFailure(series, started, error, args);
            throw error;
          },
        );
      }
      if (
        isObject(result) &&
        (watchThenable(result, series, started, args) || watchStream(result, series, started, args))
      ) {
        return result;
      }
      settleResult(series, started, result);
      return result;
    },
  }.wrapper;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
