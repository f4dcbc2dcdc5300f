import type { StreamListener } from './stream-call.js';
import { isIterator, watchIterable, watchIterator } from './watch-iterator.js';
import { isNodeReadable, watchNodeReadable } from './watch-node-readable.js';
import { watchWebStream } from './watch-web-stream.js';

/** Whether a value can be iterated asynchronously. */
export function isStreamLike(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** Follows a web stream, a Node stream, an iterator or an iterable. Returns whether the stream has not ended. */
export function watchPlainStream(stream: object, listener: StreamListener): boolean {
  if (stream instanceof ReadableStream) watchWebStream(stream, listener);
  else if (isNodeReadable(stream)) return watchNodeReadable(stream, listener);
  else if (isIterator(stream)) watchIterator(stream, listener);
  else watchIterable(stream as AsyncIterable<unknown>, listener);
  return true;
}
