import type { StreamCall } from '../recording/stream-call.js';

/** Settles the calls of streams that nobody read to an end and nobody can any more. */
const abandoned = new FinalizationRegistry<StreamCall>((call) => call.leave());

/**
 * Passes a web stream on, chunk by chunk as it is read and no sooner, and tells a call of it, which begins once the
 * stream can be read.
 *
 * A part of type `error`, as which the AI SDK's models tell that they failed, fails the call.
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
          tell(value, call);
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
    // Nothing is read ahead of whoever reads: the times are theirs, and so is the backpressure.
    { highWaterMark: 0 },
  );
  abandoned.register(observed, call);
  return observed;
}

function tell(part: unknown, call: StreamCall): void {
  const { type, error } = Object(part) as { readonly type?: unknown; readonly error?: unknown };
  if (type === 'error') call.fail(error);
  else call.chunk(part);
}
