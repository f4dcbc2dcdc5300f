import { getterOf } from './getters.js';
import { InnerResponse } from './inner-response.js';
import type { ResponseListener } from './stream-call.js';
import { watchWebStream } from './watch-web-stream.js';

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
 * The application may read a stream after it has cancelled another one, or after a promise of the response was rejected.
 * `patience` limits how long the call waits for this, and for the promises of the token counts. In milliseconds.
 *
 * Returns whether the result contains a stream.
 */
export function watchInnerStream(result: object, listener: ResponseListener, patience = 5_000): boolean {
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
  const response = new InnerResponse(result, listener, patience);
  const hasStream = response.watchStreams();
  const isLazy = hasLazyStream(result) && response.watchGetters();
  if (!hasStream && !isLazy) return false;
  response.watchPromises();
  return true;
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
