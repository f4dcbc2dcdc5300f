import { FirstSource } from './first-source.js';
import { getterOf, watchGetter } from './getters.js';
import { promiseNames, readFacts, statesFacts } from './response-facts.js';
import type { StreamListener } from './stream-call.js';
import { followPromise, watchPromise } from './watch-completion.js';
import { isIterator, watchIterable, watchIterator } from './watch-iterator.js';
import { isNodeReadable, watchNodeReadable } from './watch-node-readable.js';
import { watchWebStream } from './watch-web-stream.js';

/** Properties with a stream of the response. Several of them can exist, with different views of the same response. */
const streamNames = [
  ...['stream', 'fullStream', 'textStream', 'objectStream'],
  ...['partialObjectStream', 'partialOutputStream', 'elementStream'],
] as const;

/** Whether a value can be iterated asynchronously. */
export function isStreamLike(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** Whether a result may contain a stream. Reads no property. */
export function mayContainStream(result: object): boolean {
  return 'stream' in result || 'textStream' in result || 'fullStream' in result || 'baseStream' in result;
}

/**
 * Follows the stream that a result contains.
 *
 * In a result of the AI SDK, this is the stream behind all its streams and promises. In other results, it is the first
 * stream that the application reads from a property such as `stream`, `textStream` or `fullStream`. If the application
 * reads no stream, the call ends with the first promise of the response that it reads, such as `response` or `text`.
 *
 * A getter is never called before the application reads its property, because the getter could start work. The getters
 * are followed in results that have a getter `textStream` or `fullStream`, or a getter `stream` and a `response`.
 *
 * Returns whether the result contains a stream.
 */
export function watchInnerStream(result: object, listener: StreamListener): boolean {
  const { baseStream } = result as { readonly baseStream?: unknown };
  if (baseStream instanceof ReadableStream) {
    // Its chunks contain the parts of the stream, each with the output parsed so far.
    watchWebStream(baseStream, {
      chunk: (chunk) => listener.chunk(partOf(chunk)),
      end: (value) => listener.end(value),
      leave: () => listener.leave(),
      fail: (error) => listener.fail(error),
    });
    return true;
  }
  const response = new InnerResponse(result, listener);
  const hasStream = response.watchStreams();
  const isLazy = hasLazyStream(result) && response.watchGetters();
  if (!hasStream && !isLazy) return false;
  response.watchPromises();
  return true;
}

/** Follows a web stream, a Node stream, an iterator or an iterable. Returns whether the stream has not ended. */
export function watchPlainStream(stream: object, listener: StreamListener): boolean {
  if (stream instanceof ReadableStream) watchWebStream(stream, listener);
  else if (isNodeReadable(stream)) return watchNodeReadable(stream, listener);
  else if (isIterator(stream)) watchIterator(stream, listener);
  else watchIterable(stream as AsyncIterable<unknown>, listener);
  return true;
}

/** The streams and promises of one result. */
class InnerResponse {
  readonly #result: object;
  readonly #listener: StreamListener;
  readonly #sources: FirstSource;
  readonly #followed = new WeakSet<object>();
  #hasEnded = false;

  constructor(result: object, listener: StreamListener) {
    this.#result = result;
    this.#listener = listener;
    this.#sources = new FirstSource({
      chunk: (value) => listener.chunk(value),
      end: (value) => this.#end(value),
      // While the facts are awaited, a stream that has ended may also be closed.
      leave: () => {
        if (!this.#hasEnded) listener.leave();
      },
      fail: (error) => {
        if (!this.#hasEnded) listener.fail(error);
      },
    });
  }

  /** Follows the streams in properties with a value. Returns whether there is one that has not ended. */
  watchStreams(): boolean {
    const streams = streamNames.map((name) => Object.getOwnPropertyDescriptor(this.#result, name)?.value as unknown);
    return streams.filter((stream) => this.#watchStream(stream)).length > 0;
  }

  /** Follows the streams and promises that getters return. Returns whether this is possible. */
  watchGetters(): boolean {
    if (!Object.isExtensible(this.#result)) return false;
    for (const name of streamNames) watchGetter(this.#result, name, (value) => this.#watchStream(value));
    for (const name of promiseNames) {
      watchGetter(this.#result, name, (value) => followPromise(value, this.#promiseListener(name)));
    }
    return true;
  }

  /** Follows the promises in properties with a value. */
  watchPromises(): void {
    for (const name of promiseNames) {
      const descriptor = Object.getOwnPropertyDescriptor(this.#result, name);
      if (descriptor?.value instanceof Promise && descriptor.configurable) {
        watchPromise(this.#result, name, descriptor.value, this.#promiseListener(name));
      }
    }
  }

  #watchStream(stream: unknown): boolean {
    if (!isStreamLike(stream) || this.#followed.has(stream)) return false;
    try {
      if (!watchPlainStream(stream, this.#sources.follow())) return false;
    } catch {
      // A frozen stream can't be followed. The result may contain others.
      return false;
    }
    this.#followed.add(stream);
    return true;
  }

  /**
   * Returns the listener of a promise. If the application also reads a stream, the call ends with the stream, unless
   * the promise has the whole response.
   */
  #promiseListener(name: string): Pick<StreamListener, 'end' | 'fail'> {
    const isWhole = name === 'response' && !statesFacts(this.#result);
    const mayEnd = (): boolean => !this.#hasEnded && (isWhole || !this.#sources.hasBegun);
    return {
      end: (value) => {
        if (!mayEnd()) return;
        if (isWhole) this.#listener.end(value);
        else this.#end(value);
      },
      fail: (error) => {
        if (mayEnd()) this.#listener.fail(error);
      },
    };
  }

  /** Ends the call with what the result states about the response, such as its token counts. */
  #end(value: unknown): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    readFacts(this.#result, (facts) => this.#listener.end(facts ?? value));
  }
}

/** Whether a getter of the result returns a stream of the response. */
function hasLazyStream(result: object): boolean {
  if (!mayContainStream(result)) return false;
  const isLazy = (name: string): boolean => getterOf(result, name) !== undefined;
  return isLazy('textStream') || isLazy('fullStream') || (isLazy('stream') && 'response' in result);
}

function partOf(chunk: unknown): unknown {
  const { part } = Object(chunk) as { readonly part?: unknown };
  return part ?? chunk;
}
