import { BodyReader, type Framing } from '../framing/body-reader.js';
import { wantedFields } from '../providers/wanted-fields.js';
import { shadow } from './shadow.js';
import type { StreamListener } from './stream-call.js';
import { watchWebStream } from './watch-web-stream.js';

/** In bytes of an object, line or event; longer ones are not read. */
const limit = 8 * 1024 * 1024;

/** The methods of a response that read its body to its end. */
const readers = ['text', 'json', 'arrayBuffer', 'bytes', 'blob', 'formData'] as const;

/** Whether a value is a response of `fetch`, of Node or of a client library. */
export function isFetchResponse(value: object): value is Response {
  return value instanceof Response;
}

/**
 * Follows the body of a `fetch` response, however it is read: as a stream, through `text()`, `json()` and the like, or as
 * a clone. What its JSON, lines of JSON or events state is read while the bytes pass.
 *
 * Returns whether the response has a body that can still be read.
 */
export function watchResponse(response: Response, listener: StreamListener): boolean {
  const { body, bodyUsed } = response;
  if (body === null || bodyUsed) return false;
  const bytes = bytesListener(response.headers.get('content-type') ?? '', listener);
  watchWebStream(body, bytes);
  for (const name of readers) {
    // `bytes` is newer than Node 20.
    const read = (response as unknown as Readonly<Record<string, (() => Promise<unknown>) | undefined>>)[name];
    if (read === undefined) continue;
    shadow(response, name, () =>
      read.call(response).then(
        (value) => {
          endWith(value, bytes, listener);
          return value;
        },
        (error: unknown) => {
          listener.fail(error);
          throw error;
        },
      ),
    );
  }
  const { clone } = response;
  shadow(response, 'clone', () => {
    const copy = clone.call(response);
    watchResponse(copy, listener);
    return copy;
  });
  return true;
}

/** Turns the bytes of a body into the objects in them. */
function bytesListener(contentType: string, listener: StreamListener): StreamListener {
  const reader = new BodyReader({
    expected: expectedFraming(contentType),
    limit,
    wanted: wantedFields,
    onChunk: (chunk) => listener.chunk(chunk),
    onTooLarge: () => {},
  });
  return {
    chunk: (bytes) => {
      if (bytes instanceof Uint8Array) reader.push(bytes);
    },
    end: () => {
      reader.end();
      listener.end(reader.framing === 'object' ? reader.object : undefined);
    },
    leave: () => listener.leave(),
    fail: (error) => listener.fail(error),
  };
}

function expectedFraming(contentType: string): Framing {
  if (/event-stream/i.test(contentType)) return 'events';
  return /ndjson|jsonl|json-seq|stream\+json/i.test(contentType) ? 'lines' : 'object';
}

/** Ends with what one of the response's methods returned. */
function endWith(value: unknown, bytes: StreamListener, listener: StreamListener): void {
  if (typeof value === 'string') bytes.chunk(Buffer.from(value));
  else if (value instanceof ArrayBuffer) bytes.chunk(new Uint8Array(value));
  else if (value instanceof Uint8Array) bytes.chunk(value);
  else {
    listener.end(value);
    return;
  }
  bytes.end();
}
