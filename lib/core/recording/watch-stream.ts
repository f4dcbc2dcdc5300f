import { errorMonitor } from 'node:events';
import type { Readable } from 'node:stream';
import { signalsIn } from './abort-signals.js';
import type { CallSeries } from './call-series.js';
import { guarded } from './settle.js';
import { hasMethod } from './shadow.js';
import { StreamCall, StreamCalls, type StreamListener } from './stream-call.js';
import { watchCompletion } from './watch-completion.js';
import { emitsEvents, watchEvents } from './watch-event-stream.js';
import { isStreamLike, watchInnerStream } from './watch-inner-stream.js';
import { isIterator, watchIterable, watchIterator } from './watch-iterator.js';
import { isFetchResponse, watchResponse } from './watch-response.js';
import { watchWebStream } from './watch-web-stream.js';

const watched = new WeakMap<object, StreamCalls>();

/** Settles the calls of streams that nobody read to an end and nobody can any more. */
const abandoned = new FinalizationRegistry<StreamCall>((call) => call.leave());

/**
 * Follows a result to its last chunk, if it is a stream: an iterator, an async iterable, a Node or a web stream, an object
 * that emits events, a `fetch` response, or a result that contains its stream. Arrays, maps and other collections are no
 * streams.
 *
 * The stream stays the identical object; methods of its own now stand before those it inherits. The call also ends
 * when a signal is aborted that the method was given or the stream carries in its `controller`, and when the stream
 * is garbage-collected unread, which counts as cancelled.
 *
 * Returns whether the result is such a stream; if not, nothing was done.
 */
export function watchStream(result: object, series: CallSeries, started: number, args: readonly unknown[]): boolean {
  const calls = streamCalls(result);
  if (calls === undefined) return false;
  const signals = guarded(series, () => signalsIn(args)) ?? [];
  const ownSignals = guarded(series, () => signalsIn(controllersOf(result))) ?? [];
  const call = new StreamCall(series, started, signals, ownSignals);
  calls.add(call);
  abandoned.register(result, call);
  return true;
}

function streamCalls(result: object): StreamCalls | undefined {
  try {
    if (!mayBeStream(result)) return undefined;
    const known = watched.get(result);
    if (known !== undefined) return known;
    const calls = new StreamCalls(result);
    if (!watch(result, calls)) return undefined;
    watched.set(result, calls);
    return calls;
  } catch {
    // A frozen or exotic object that cannot be followed: its call settles now.
    return undefined;
  }
}

/** A quick check, because most results are plain objects. */
function mayBeStream(result: { next?: unknown; stream?: unknown; [Symbol.asyncIterator]?: unknown }): boolean {
  if (result[Symbol.asyncIterator] !== undefined || result.next !== undefined) return true;
  return isStreamLike(result.stream) || Object.getPrototypeOf(result) !== Object.prototype;
}

/** Begins to follow a result. Returns whether it is a stream that has not ended. */
function watch(result: object, calls: StreamCalls): boolean {
  if (isIterator(result)) watchIterator(result, calls);
  else if (result instanceof ReadableStream) watchWebStream(result, calls);
  else if (isNodeReadable(result)) {
    // One that has ended, failed or been destroyed has no further events: its call settles now.
    if (result.readable === false) return false;
    watchNodeReadable(result, calls);
  } else if (emitsEvents(result)) return watchEvents(result, calls);
  else if (Symbol.asyncIterator in result) {
    watchIterable(result as AsyncIterable<unknown>, calls);
    watchCompletion(result, calls);
  } else if (isFetchResponse(result)) return watchResponse(result, calls);
  else return watchInnerStream(result, calls);
  return true;
}

/** The OpenAI client's streams carry a `controller`, the Ollama client's an `abortController`. */
function controllersOf(stream: { controller?: unknown; abortController?: unknown }): unknown[] {
  return [stream.controller, stream.abortController];
}

/** Whether a value is a Node stream one can read from. */
export function isNodeReadable(value: object): value is Readable {
  return hasMethod(value, 'pipe') && hasMethod(value, 'once');
}

/** Follows a Node stream by its events, which neither start it nor handle its errors, and by its iteration. */
export function watchNodeReadable(readable: Readable, listener: StreamListener): void {
  watchIterable(readable, listener);
  readable.once('end', () => listener.end());
  readable.once(errorMonitor, (error: unknown) => listener.fail(error));
  readable.once('close', () => listener.leave());
}
