import type { StreamCall } from '../recording/stream-call.js';

/** Settles the calls of streams that were garbage-collected before their end. */
const abandoned = new FinalizationRegistry<StreamCall>((call) => call.leave());

/**
 * Passes a web stream through and records its chunks in a call. Reads each chunk only when the consumer requests it.
 *
 * Throws before it calls `begin` if the stream is already locked. A part of type `error`, with which the AI SDK's
 * models report a failure, fails the call.
 */
export function observedStream<Part>(stream: ReadableStream<Part>, begin: () => StreamCall): ReadableStream<Part> {
  const reader = stream.getReader();
  const call = begin();
  const observed = new ReadableStream<Part>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            call.end();
            controller.close();
            return;
          }
          recordPart(value, call);
          controller.enqueue(value);
        } catch (error) {
          call.fail(error);
          controller.error(error);
        }
      },
      cancel(reason) {
        call.leave();
        return reader.cancel(reason);
      },
    },
    // Don't read ahead of the consumer: a chunk must not be recorded before the consumer requests it, and a slow
    // consumer must slow down the source.
    { highWaterMark: 0 },
  );
  abandoned.register(observed, call);
  return observed;
}

function recordPart(part: unknown, call: StreamCall): void {
  const { type, error } = Object(part) as { readonly type?: unknown; readonly error?: unknown };
  if (type === 'error') call.fail(error);
  else call.chunk(part);
}
