import { FirstSource } from './first-source.js';
import { hasMethod, isOverridable, overrideMethod } from './override-method.js';
import type { StreamListener } from './stream-call.js';
import { isStreamLike, watchPlainStream } from './watch-plain-stream.js';

/** Methods that return another stream with the same response. */
const conversions = ['toStream', 'toTextStream', 'toReadableStream'] as const;

/**
 * Follows the streams that methods such as `toStream()` return.
 *
 * Returns a listener for the stream itself. A converted stream can read the stream through its iterator or in another
 * way. In both cases, each chunk counts once.
 */
export function watchConversions(stream: object, listener: StreamListener): StreamListener {
  const found = conversions.filter((name) => isOverridable(stream, name) && hasMethod(stream, name));
  if (found.length === 0) return listener;
  const sources = new FirstSource(listener);
  for (const name of found) {
    const convert = (stream as Readonly<Record<string, (...args: unknown[]) => unknown>>)[name]!;
    overrideMethod(stream, name, (...args: unknown[]) => {
      const converted = convert.apply(stream, args);
      if (isStreamLike(converted) && converted !== stream) {
        const source = sources.follow();
        try {
          if (!watchPlainStream(converted, source)) sources.forget(source);
        } catch {
          // A frozen stream can't be followed.
          sources.forget(source);
        }
      }
      return converted;
    });
  }
  const own = sources.follow();
  // The application reads a converted stream in place of the stream itself.
  sources.forget(own);
  return own;
}
