/** Limits for reading a response body. */
export interface BodyLimits {
  /** Maximum bytes after decompression. */
  readonly bytes: number;
  /** Seconds from the call of {@link limitBody} to the end of the body; default no limit. */
  readonly seconds?: number | undefined;
}

/** The limit that a body exceeded. */
export type ExceededLimit = keyof BodyLimits;

/**
 * Limits a body without buffering it.
 *
 * At a limit, the source is cancelled, which closes the connection, and the reader gets the error that `exceeded`
 * returns.
 */
export function limitBody(
  body: ReadableStream<Uint8Array>,
  { bytes, seconds }: BodyLimits,
  exceeded: (limit: ExceededLimit) => Error,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let timer: NodeJS.Timeout | undefined;
  let received = 0;
  let isEnded = false;
  const end = (): void => {
    isEnded = true;
    clearTimeout(timer);
  };
  const stop = (controller: ReadableStreamDefaultController<Uint8Array>, limit: ExceededLimit): void => {
    end();
    const error = exceeded(limit);
    controller.error(error);
    reader.cancel(error).catch(() => undefined);
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        if (seconds !== undefined) timer = setTimeout(() => stop(controller, 'seconds'), seconds * 1000).unref();
      },
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (isEnded) return;
          received += value?.length ?? 0;
          if (received > bytes) {
            stop(controller, 'bytes');
          } else if (done) {
            end();
            controller.close();
          } else {
            controller.enqueue(value);
          }
        } catch (error) {
          end();
          throw error;
        }
      },
      cancel: (reason) => {
        end();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Reads a response as text within limits. Rejects with the error of `exceeded`, or with the error of the body. */
export async function readText(
  { body }: Response,
  limits: BodyLimits,
  exceeded: (limit: ExceededLimit) => Error,
): Promise<string> {
  return body === null ? '' : new Response(limitBody(body, limits, exceeded)).text();
}
