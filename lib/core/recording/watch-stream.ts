import { signalsIn } from './abort-signals.js';
import type { CallSeries } from './call-series.js';
import { hasMethod } from './override-method.js';
import { guarded, type OpenCall } from './settle.js';
import { StreamCall, StreamCalls } from './stream-call.js';
import { StreamCopies } from './stream-copies.js';
import { watchCompletion } from './watch-completion.js';
import { watchConversions } from './watch-conversions.js';
import { isEmitter, isStreamHelper, watchEvents } from './watch-event-stream.js';
import { mayContainStream, watchInnerStream } from './watch-inner-stream.js';
import { isIterator, watchIterable, watchIterator } from './watch-iterator.js';
import { isNodeReadable, watchNodeReadable } from './watch-node-readable.js';
import { isStreamLike } from './watch-plain-stream.js';
import { isFetchResponse, watchResponse } from './watch-response.js';
import { watchWebStream } from './watch-web-stream.js';

/** What is known about an object that may be a stream. */
interface StreamRole {
  /** Whether the object is the response of a model. */
  readonly isResponse: boolean;
  /** Whether the application has stated that the object is a stream. Default: false. */
  readonly isStated?: boolean;
}

const watched = new WeakMap<object, StreamCalls>();

/** Settles the calls of streams that were garbage-collected before their end. */
const abandoned = new FinalizationRegistry<StreamCall>((call) => call.leave());

/**
 * Follows a result to its last chunk if it is a stream: an iterator, an async iterable, a Node or web stream, an event
 * emitter, a `fetch` response, or a result that contains a stream. Arrays, maps and other collections are not streams.
 *
 * The stream stays the identical object; some inherited methods are overridden on it.
 *
 * Two more events end the call: an abort of a signal in the arguments or in the stream's `controller`, and garbage
 * collection of the stream, which counts as cancelled.
 *
 * Returns whether the result is such a stream. If it isn't, this function has no effect.
 */
export function watchStream(result: object, series: CallSeries, started: number, args: readonly unknown[]): boolean {
  const calls = mayBeStream(result) ? streamCalls(result, { isResponse: series.isRequest }) : undefined;
  return calls !== undefined && addCall(calls, { series, started, args });
}

/**
 * Follows an object that the application has stated to be the stream of a response, like {@link watchStream}. It can
 * also be an iterator without an iteration method and, for any kind of call, an emitter or a `fetch` response.
 *
 * Returns whether the object is a stream that has not ended.
 */
export function watchStatedStream(stream: object, call: OpenCall): boolean {
  const calls = streamCalls(stream, { isResponse: true, isStated: true });
  return calls !== undefined && addCall(calls, call);
}

/** Whether a value is a stream of a kind that can be followed, even if it has ended. */
export function isStream(value: object): boolean {
  return hasMethod(value, 'next') || isStreamLike(value) || isFetchResponse(value) || isEmitter(value);
}

function addCall(calls: StreamCalls, { series, started, args }: OpenCall): true {
  const { stream } = calls;
  const signals = guarded(series, () => signalsIn(args)) ?? [];
  const ownSignals = guarded(series, () => signalsIn(controllersOf(stream))) ?? [];
  const call = new StreamCall(series, started, signals, ownSignals);
  try {
    abandoned.register(stream, call);
    calls.add(call);
  } catch (error) {
    // The stack is full: the caller settles the call.
    call.settled = true;
    throw error;
  }
  return true;
}

function streamCalls(result: object, role: StreamRole): StreamCalls | undefined {
  try {
    const known = watched.get(result);
    // A method can return the same emitter at each call, for example with `return this`. After the first call, the
    // emitter is not a new response.
    if (known !== undefined) return isEmitter(result) && !isNodeReadable(result) ? undefined : known;
    const calls = new StreamCalls(result);
    if (!watch(result, calls, role)) return undefined;
    watched.set(result, calls);
    return calls;
  } catch {
    // A frozen or exotic object can't be followed. The call that returned it settles now.
    return undefined;
  }
}

/** A quick check, because most results are plain objects. */
function mayBeStream(result: object): boolean {
  try {
    if (Symbol.asyncIterator in result || 'next' in result) return true;
    return Object.getPrototypeOf(result) !== Object.prototype || mayContainStream(result);
  } catch {
    // The result is a Proxy that fails.
    return false;
  }
}

/**
 * Begins to follow a result. Returns whether it is a stream that has not ended.
 *
 * An event emitter or a `fetch` response is followed only if it is the response of a model. Nodes and graphs may return
 * them for other purposes.
 */
function watch(result: object, calls: StreamCalls, { isResponse, isStated = false }: StreamRole): boolean {
  if (isIterator(result) || (isStated && isBareIterator(result))) {
    watchIterator(result, calls);
    watchCompletion(result, calls);
  } else if (result instanceof ReadableStream) watchWebStream(result, calls);
  else if (isNodeReadable(result)) return watchNodeReadable(result, calls);
  else if (isStreamHelper(result)) return watchEvents(result, calls);
  else if (Symbol.asyncIterator in result) watchIterableResult(result as AsyncIterable<unknown>, calls, isResponse);
  else if (isFetchResponse(result)) return isResponse && watchResponse(result, calls);
  else if (isEmitter(result)) return isResponse && watchEvents(result, calls);
  else return watchInnerStream(result, calls);
  return true;
}

/** Whether an object has `next`, but no iteration method. A result with `next` can also be a page of a list. */
function isBareIterator(value: object): value is Iterator<unknown> {
  return hasMethod(value, 'next') && !(Symbol.asyncIterator in value);
}

/** An iterable may also emit its chunks as events. Each chunk counts once, even if it is both iterated and emitted. */
function watchIterableResult(result: AsyncIterable<unknown>, calls: StreamCalls, isResponse: boolean): void {
  watchCompletion(result, calls);
  if (!isResponse || !isEmitter(result)) {
    watchIterable(result, watchConversions(result, calls));
    return;
  }
  const copies = new StreamCopies(calls);
  watchIterable(result, { ...copies.follow(), leave: () => calls.leave() });
  watchEvents(result, copies.follow());
}

/** The OpenAI client's streams carry a `controller`, the Ollama client's an `abortController`. */
function controllersOf(stream: { controller?: unknown; abortController?: unknown }): unknown[] {
  return [stream.controller, stream.abortController];
}
