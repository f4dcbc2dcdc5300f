import { observedSink } from './observed-sink.js';
import { shadow } from './shadow.js';
import type { StreamListener } from './stream-call.js';
import { StreamCopies } from './stream-copies.js';
import { watchIterable } from './watch-iterator.js';

/** Follows a web stream through a reader, an iteration, a pipe, or either branch of a tee, whichever is used. */
export function watchWebStream(stream: ReadableStream, listener: StreamListener): void {
  const { getReader, cancel, pipeTo, pipeThrough, tee } = stream;
  watchIterable(stream, listener);
  shadow(stream, 'values', (options?: { preventCancel?: boolean }) => {
    const iterate = stream[Symbol.asyncIterator] as typeof stream.values;
    return iterate(options);
  });
  shadow(stream, 'getReader', (...args: Parameters<typeof getReader>) => {
    const reader = getReader.apply(stream, args);
    watchReader(reader as ReadableStreamDefaultReader, listener);
    return reader;
  });
  shadow(stream, 'cancel', (reason?: unknown) => {
    if (!stream.locked) listener.leave();
    return cancel.call(stream, reason);
  });
  const pipe = (...[destination, options]: Parameters<typeof pipeTo>): Promise<void> => {
    const isFree = !stream.locked && destination instanceof WritableStream && !destination.locked;
    const observed = isFree ? observedSink(destination, (chunk) => listener.chunk(chunk)) : undefined;
    const piped = pipeTo.call(stream, observed?.sink ?? destination, options);
    return piped
      .finally(() => observed?.release())
      .then(
        () => listener.end(),
        (error: unknown) => {
          listener.fail(error);
          throw error;
        },
      );
  };
  shadow(stream, 'pipeTo', pipe);
  // As the standard defines it: a pipe to the writable side whose failure shows on the readable side alone.
  shadow(stream, 'pipeThrough', (...[pair, options]: Parameters<ReadableStream['pipeThrough']>) => {
    // What cannot be piped, the stream refuses itself, at once.
    if (stream.locked || pair?.writable?.locked !== false) return pipeThrough.call(stream, pair, options);
    pipe(pair.writable as WritableStream, options).catch(() => {});
    return pair.readable;
  });
  shadow(stream, 'tee', () => {
    const branches = tee.call(stream);
    const copies = new StreamCopies(listener);
    for (const branch of branches) watchWebStream(branch, copies.follow());
    return branches;
  });
}

function watchReader(reader: ReadableStreamDefaultReader, listener: StreamListener): void {
  const { read, cancel, releaseLock } = reader;
  let released = false;
  shadow(reader, 'read', async (...args: Parameters<typeof read>) => {
    try {
      const result = await read.apply(reader, args);
      if (result.done) listener.end();
      else listener.chunk(result.value);
      return result;
    } catch (error) {
      // What a reader is refused that was let go says nothing of the stream.
      if (!released) listener.fail(error);
      throw error;
    }
  });
  shadow(reader, 'releaseLock', () => {
    // First: what is still waited for may be refused at once.
    released = true;
    releaseLock.call(reader);
  });
  shadow(reader, 'cancel', (reason?: unknown) => {
    listener.leave();
    return cancel.call(reader, reason);
  });
}
