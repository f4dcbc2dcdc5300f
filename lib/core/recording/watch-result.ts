import { isThenable } from '../metrics/is-thenable.js';
import { signalsIn } from './abort-signals.js';
import { countInstrumentationError } from './call-series.js';
import { GetterReads } from './getter-reads.js';
import { keepContext } from './keep-context.js';
import { guarded, type OpenCall, settleResult } from './settle.js';
import { StreamCall } from './stream-call.js';
import { isStream, watchStatedStream, watchStream } from './watch-stream.js';

/** Settles the calls whose promise of a stream was garbage-collected before it settled. */
const abandoned = new FinalizationRegistry<StreamCall>((call) => call.leave());

/**
 * Follows a result to its last chunk if it is or contains a stream. The option `stream` of the application has priority
 * over {@link watchStream}.
 *
 * If the option returns a promise of the stream, the call fails if the promise rejects. Node then doesn't report an
 * unhandled rejection. If the option fails, or returns anything but a stream that can be followed, undefined or null,
 * this function counts an instrumentation error and treats the result as without the option.
 *
 * Returns whether the result is such a stream. If it isn't, the caller settles the call.
 */
export function watchResult(result: unknown, call: OpenCall): boolean {
  return watchStatedResult(result, call) || watchPlainResult(result, call);
}

function watchPlainResult(result: unknown, { series, started, args }: OpenCall): boolean {
  return isObject(result) && watchStream(result, series, started, args);
}

function watchStatedResult(result: unknown, call: OpenCall): boolean {
  if (call.series.options.stream === undefined) return false;
  const stream = statedStream(result, call);
  if (stream === undefined || stream === null) return false;
  const promise = promiseOf(stream);
  if (promise === undefined) return watchStated(stream, call);
  watchPromisedStream(promise, result, call);
  return true;
}

/** Calls the option. Returns undefined if it throws. */
function statedStream(result: unknown, { series }: OpenCall): unknown {
  const reads = new GetterReads();
  let stream: unknown;
  try {
    if (isObject(result)) reads.start(result);
    stream = series.options.stream?.(result);
  } catch {
    countInstrumentationError(series.collector, 'stream');
  } finally {
    reads.stop(stream);
  }
  return stream;
}

/** Follows a stream that the option returned. */
function watchStated(stream: unknown, call: OpenCall): boolean {
  if (call.series.scope !== undefined) keepContext(stream);
  if (isObject(stream) && watchStatedStream(stream, call)) return true;
  // A stream that has ended can't be followed, but the option is correct.
  if (!isObject(stream) || !isOpenToWatch(stream)) countInstrumentationError(call.series.collector, 'stream');
  return false;
}

/** Whether a value is a stream whose methods can be overridden. */
function isOpenToWatch(value: object): boolean {
  try {
    return isStream(value) && Object.isExtensible(value);
  } catch {
    return false;
  }
}

/** Follows a promise of a stream, and then the stream. */
function watchPromisedStream(promise: Promise<unknown>, result: unknown, call: OpenCall): void {
  const { series, started, args } = call;
  const pending = new StreamCall(series, started, guarded(series, () => signalsIn(args)) ?? []);
  const succeed = (stream: unknown): void => {
    abandoned.unregister(pending);
    if (!pending.withdraw()) return;
    const hasStream = stream !== undefined && stream !== null && watchStated(stream, call);
    if (!hasStream && !watchPlainResult(result, call)) settleResult(series, started, result);
  };
  try {
    abandoned.register(promise, pending, pending);
    Promise.prototype.then.call(promise, succeed, (error: unknown) => pending.fail(error));
  } catch (error) {
    // The stack is full: the caller settles the call.
    pending.settled = true;
    throw error;
  }
}

/** Returns a native promise of a thenable's value, or undefined for other values. A stream can be a thenable too. */
function promiseOf(value: unknown): Promise<unknown> | undefined {
  try {
    return isThenable(value) && !(Symbol.asyncIterator in value) ? Promise.resolve(value) : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
