import { errorMonitor } from 'node:events';
import type { Readable } from 'node:stream';
import type { CallSeries } from './call-series.js';
import { signalsIn } from './error-type.js';
import { guarded } from './settle.js';
import { hasMethod } from './shadow.js';
import { StreamCall, StreamCalls, type StreamListener } from './stream-call.js';
import { isIterator, watchIterable, watchIterator } from './watch-iterator.js';
import { watchWebStream } from './watch-web-stream.js';

const watched = new WeakMap<object, StreamCalls>();

/** Settles the calls of streams that nobody read to an end and nobody can any more. */
const abandoned = new FinalizationRegistry<StreamCall>((call) => call.leave());

/**
 * Follows a result to its last chunk, if it is a stream: an iterator, an async iterable, a Node or a web stream.
 * Arrays, maps and other collections are no streams.
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
  const signals = guarded(series, () => signalsIn([...args, ...controllersOf(result)])) ?? [];
  const call = new StreamCall(series, started, signals);
  calls.add(call);
  abandoned.register(result, call);
  return true;
}

function streamCalls(result: { next?: unknown; [Symbol.asyncIterator]?: unknown }): StreamCalls | undefined {
  try {
    if (result[Symbol.asyncIterator] === undefined && result.next === undefined) return undefined;
    const known = watched.get(result);
    if (known !== undefined) return known;
    const watch = watcherFor(result);
    if (watch === undefined) return undefined;
    const calls = new StreamCalls(result);
    watch(result as never, calls);
    watched.set(result, calls);
    return calls;
  } catch {
    // A frozen or exotic object that cannot be followed: its call settles now.
    return undefined;
  }
}

function watcherFor(result: object): ((stream: never, calls: StreamCalls) => void) | undefined {
  if (isIterator(result)) return watchIterator;
  if (!(Symbol.asyncIterator in result)) return undefined;
  if (result instanceof ReadableStream) return watchWebStream;
  if (!isNodeReadable(result)) return watchIterable;
  // One that has ended, failed or been destroyed tells nothing more: its call settles now.
  return result.readable === false ? undefined : watchNodeReadable;
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
