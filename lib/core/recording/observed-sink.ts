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
 * Returns undefined for a destination that is closed or has failed: only the pipe itself reacts correctly to that.
 */
export function observedSink(destination: WritableStream, onChunk: (chunk: unknown) => void): ObservedSink | undefined {
  const writer = destination.getWriter();
  // null: failed; 0: closed or full. A new pipe to a full destination waits in any case.
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
      // The pipe detects a failed write, and stops at it, only if this waits for each chunk.
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
