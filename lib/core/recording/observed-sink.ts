/** A sink that reports each chunk before it writes the chunk to the destination. */
export interface ObservedSink {
  readonly sink: WritableStream;
  /** Unlocks the destination. */
  release(): void;
}

/**
 * Creates a sink that reports each chunk and writes it to the destination of a pipe.
 *
 * Backpressure, closing, aborting and errors pass through the sink in both directions. The destination stays locked
 * until `release`, as in any pipe.
 *
 * Returns undefined for a destination that has failed, is closed, or whose queue is exactly full (`desiredSize` is 0).
 * The caller must then pipe to the destination directly, because only a direct pipe handles a closed or failed
 * destination correctly.
 */
export function observedSink(destination: WritableStream, onChunk: (chunk: unknown) => void): ObservedSink | undefined {
  const writer = destination.getWriter();
  // `null` means that the destination has failed. 0 means that it is closed, or that its queue is exactly full. These
  // two can't be distinguished, so neither is observed.
  if (writer.desiredSize === null || writer.desiredSize === 0) {
    writer.releaseLock();
    return undefined;
  }
  const sink = new WritableStream({
    start(controller) {
      writer.closed.catch((error: unknown) => controller.error(error));
    },
    async write(chunk) {
      onChunk(chunk);
      // Wait for each write. Otherwise, the pipe would not detect a failed write and would continue.
      await writer.write(chunk);
    },
    close: () => writer.close(),
    abort: (reason) => writer.abort(reason),
  });
  return {
    sink,
    release: () => writer.releaseLock(),
  };
}
