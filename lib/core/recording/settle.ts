import { performance } from 'node:perf_hooks';
import { isNativeError } from 'node:util/types';
import { WRITES_CELL } from '../metrics/cells.js';
import { type DeferredWork, deferredWork, requireStack, runDeferredWork } from '../metrics/deferred-work.js';
import type { ResponseReading } from '../providers/response-reader.js';
import { signalsIn } from './abort-signals.js';
import { type CallSeries, countInstrumentationError, ignoreRejection } from './call-series.js';
import { errorTypeOf, failureKind } from './failure-kind.js';

// The functions that settle a call can overflow the stack. They throw only before they decrement the gauge, and the
// caller then defers the end of the call. After they have decremented the gauge, they catch every error.

/** A call that has not ended. */
export interface OpenCall {
  readonly series: CallSeries;
  /** In milliseconds of `performance.now()`. */
  readonly started: number;
  readonly args: readonly unknown[];
}

/** Ends a call: decrements the gauge and records the duration. `started` is in milliseconds of `performance.now()`. */
function settle(series: CallSeries, started: number): void {
  const seconds = (performance.now() - started) / 1_000;
  if (deferredWork.last !== undefined) runDeferredWork();
  const { page, offset } = series.active;
  page[offset]! -= 1;
  // The duration is usually on the same page. Recording it then counts the write to the gauge too.
  if (page !== series.duration.page) page[WRITES_CELL]! += 1;
  try {
    // biome-ignore lint/complexity/useMathMinMax: fake clocks in tests can go backwards or return NaN; max keeps NaN
    series.timed(seconds >= 0 ? seconds : 0);
  } catch {
    const time = {} as DeferredTime;
    time.run = recordDeferredTime;
    time.series = series;
    time.seconds = seconds;
    time.next = deferredWork.last;
    deferredWork.last = time;
  }
}

/** Ends a call that returned a result. */
export function settleResult(series: CallSeries, started: number, result: unknown): void {
  settle(series, started);
  try {
    if (series.checksResults && countsAsError(series, result)) {
      recordErrorResult(series, result);
      return;
    }
    series.succeeded(result);
  } catch {
    try {
      countInstrumentationError(series.collector, 'result');
    } catch {}
  }
}

function recordErrorResult(series: CallSeries, result: unknown): void {
  const error = guarded(series, () => errorIn(result));
  series.failed(errorTypeFor(series, error), false);
}

/** Ends a call whose response has already been read. */
export function settleResponse(series: CallSeries, started: number, reading: ResponseReading): void {
  settleStream(series, started, () => series.answered(reading));
}

/** Ends a call that threw, rejected or was aborted. */
export function settleFailure(series: CallSeries, started: number, error: unknown, args: readonly unknown[]): void {
  if (isRangeError(error)) requireStack();
  settle(series, started);
  try {
    recordFailure(series, error, args);
  } catch {
    try {
      countInstrumentationError(series.collector, 'result');
    } catch {}
  }
}

/** Whether an error may be a stack overflow. Runs no code of the application. */
function isRangeError(error: unknown): boolean {
  return isNativeError(error) && Object.getPrototypeOf(error) === RangeError.prototype;
}

/** Records the failure of a call whose gauge has already been decremented. */
export function recordDeferredFailure({ series, started, args }: OpenCall, error: unknown): void {
  series.timed((performance.now() - started) / 1_000);
  recordFailure(series, error, args);
}

/** Records the error of a call whose end is recorded separately. */
export function recordFailure(series: CallSeries, error: unknown, args: readonly unknown[]): void {
  const kind = guarded(series, () => failureKind(error, signalsIn(args))) ?? 'error';
  if (kind === 'cancelled') series.cancelled();
  else series.failed(errorTypeFor(series, error, kind), kind === 'timeout');
}

/** Ends a call whose result was never used. It counts as cancelled. */
export function settleAbandoned(series: CallSeries, started: number): void {
  settleStream(series, started, () => series.cancelled());
}

/** Ends a call, and then runs `recordEnd`, which records how the call ended. */
export function settleStream(series: CallSeries, started: number, recordEnd: () => void): void {
  settle(series, started);
  try {
    recordEnd();
  } catch {
    try {
      countInstrumentationError(series.collector, 'result');
    } catch {}
  }
}

/** Runs instrumentation that uses values of the application. Errors are counted and never reach the application. */
export function guarded<Result>({ collector }: Pick<CallSeries, 'collector'>, work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    try {
      countInstrumentationError(collector, 'result');
    } catch {}
    return undefined;
  }
}

interface DeferredTime extends DeferredWork {
  series: CallSeries;
  seconds: number;
}

function recordDeferredTime(this: DeferredTime): void {
  this.series.timed(this.seconds);
}

function countsAsError({ options, collector }: CallSeries, result: unknown): boolean {
  try {
    const counts: unknown = options.isError?.(result);
    if (ignoreRejection(counts)) countInstrumentationError(collector, 'is_error');
    return counts === true;
  } catch {
    countInstrumentationError(collector, 'is_error');
    return false;
  }
}

/** The error that an error result contains, or the result itself. */
function errorIn(result: unknown): unknown {
  const carried = (result as { error?: unknown } | null | undefined)?.error;
  return carried instanceof Error ? carried : result;
}

function errorTypeFor({ options, collector }: CallSeries, error: unknown, kind: 'error' | 'timeout' = 'error'): string {
  if (options.classifyError !== undefined) {
    try {
      const type: unknown = options.classifyError(error);
      if (typeof type === 'string') return type;
      ignoreRejection(type);
    } catch {
      // A function that throws is counted below, like a function that does not return a string.
    }
    countInstrumentationError(collector, 'classify_error');
  }
  return kind === 'timeout' ? kind : (guarded({ collector }, () => errorTypeOf(error)) ?? 'unknown');
}
