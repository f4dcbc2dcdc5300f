import type { StreamListener } from './stream-call.js';
import { watchPromise } from './watch-completion.js';
import { isIterator, watchIterable, watchIterator } from './watch-iterator.js';
import { isNodeReadable, watchNodeReadable } from './watch-node-readable.js';
import { watchWebStream } from './watch-web-stream.js';

/** Whether a value can be iterated asynchronously. */
export function isStreamLike(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/**
 * Follows the stream that a result contains.
 *
 * In a result of the AI SDK, this is the stream behind all its streams and promises. In other results, it is `stream`;
 * some clients also set `response`, a promise of the whole response.
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
  const stream: unknown = Object.getOwnPropertyDescriptor(result, 'stream')?.value;
  if (!isStreamLike(stream)) return false;
  if (stream instanceof ReadableStream) watchWebStream(stream, listener);
  else if (isNodeReadable(stream)) return watchNodeReadable(stream, listener);
  else if (isIterator(stream)) watchIterator(stream, listener);
  else watchIterable(stream, listener);
  const response: unknown = Object.getOwnPropertyDescriptor(result, 'response')?.value;
  if (response instanceof Promise) watchPromise(result, 'response', response, listener);
  return true;
}

function partOf(chunk: unknown): unknown {
  const { part } = Object(chunk) as { readonly part?: unknown };
  return part ?? chunk;
}
