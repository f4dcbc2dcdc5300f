import { observedSink } from './observed-sink.js';
import { hasMethod, overrideMethod } from './override-method.js';
import type { StreamListener } from './stream-call.js';
import { StreamCopies } from './stream-copies.js';
import { watchIterable } from './watch-iterator.js';

/** Follows a web stream through a reader, an iteration, a pipe, or either branch of a tee. */
export function watchWebStream(stream: ReadableStream, listener: StreamListener): void {
  const { getReader, cancel, pipeTo, pipeThrough, tee } = stream;
  const iteration = new Iteration();
  iteration.watch(stream);
  watchIterable(stream, listener);
  overrideMethod(stream, 'values', (options?: { preventCancel?: boolean }) => {
    const iterate = stream[Symbol.asyncIterator] as typeof stream.values;
    return iterate(options);
  });
  overrideMethod(stream, 'getReader', (...args: Parameters<typeof getReader>) => {
    const reader = getReader.apply(stream, args);
    if (!iteration.isRunning) watchReader(reader as ReadableStreamDefaultReader, listener);
    return reader;
  });
  overrideMethod(stream, 'cancel', (reason?: unknown) => {
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
  overrideMethod(stream, 'pipeTo', pipe);
  // Works as in the standard: it pipes to the writable side. The caller learns of a failure only from the readable
  // side.
  overrideMethod(stream, 'pipeThrough', (...[pair, options]: Parameters<ReadableStream['pipeThrough']>) => {
    // For an invalid pair or a locked stream, the stream's own method throws at once.
    if (stream.locked || pair?.writable?.locked !== false) return pipeThrough.call(stream, pair, options);
    pipe(pair.writable as WritableStream, options).catch(() => {});
    return pair.readable;
  });
  overrideMethod(stream, 'tee', () => {
    const branches = tee.call(stream);
    const copies = new StreamCopies(listener);
    for (const branch of branches) watchWebStream(branch, copies.follow());
    return branches;
  });
}

/**
 * The iteration of a stream. The streams of the AI SDK have an iteration method of their own, which gets a reader. The
 * chunks that this reader reads are already followed through the iterator.
 */
class Iteration {
  /** Whether the code of the iteration method or of its iterator is running. */
  isRunning = false;

  /** Notes when the iteration of a stream runs. */
  watch(stream: ReadableStream): void {
    if (!hasMethod(stream, Symbol.asyncIterator) || !isOwnIteration(stream)) return;
    const iterate: (...args: unknown[]) => unknown = stream[Symbol.asyncIterator];
    overrideMethod(stream, Symbol.asyncIterator, (...args: unknown[]) => {
      const iterator = this.#run(() => iterate.apply(stream, args)) as object;
      if (hasMethod(iterator, 'next')) {
        const { next } = iterator;
        overrideMethod(iterator, 'next', (...input: unknown[]) => this.#run(() => next.apply(iterator, input)));
      }
      return iterator;
    });
  }

  #run<Result>(work: () => Result): Result {
    const wasRunning = this.isRunning;
    this.isRunning = true;
    try {
      return work();
    } finally {
      this.isRunning = wasRunning;
    }
  }
}

/** Whether a stream has another iteration method than the one of the platform. */
function isOwnIteration(stream: ReadableStream): boolean {
  return stream[Symbol.asyncIterator] !== ReadableStream.prototype[Symbol.asyncIterator];
}

function watchReader(reader: ReadableStreamDefaultReader, listener: StreamListener): void {
  const { read, cancel, releaseLock } = reader;
  let released = false;
  overrideMethod(reader, 'read', async (...args: Parameters<typeof read>) => {
    try {
      const result = await read.apply(reader, args);
      if (result.done) listener.end();
      else listener.chunk(result.value);
      return result;
    } catch (error) {
      // A read that fails because its reader was released says nothing about the stream.
      if (!released) listener.fail(error);
      throw error;
    }
  });
  overrideMethod(reader, 'releaseLock', () => {
    // Set first, because pending reads may be rejected at once.
    released = true;
    releaseLock.call(reader);
  });
  overrideMethod(reader, 'cancel', (reason?: unknown) => {
    listener.leave();
    return cancel.call(reader, reason);
  });
}
