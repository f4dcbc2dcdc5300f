import { BodyReader, framingNamed } from '../framing/body-reader.js';
import { fieldsWithoutUsage } from '../providers/plain.js';
import { wantedFields } from '../providers/wanted-fields.js';
import { overrideMethod } from './override-method.js';
import type { StreamListener } from './stream-call.js';
import { StreamCopies } from './stream-copies.js';
import { watchWebStream } from './watch-web-stream.js';

/**
 * Maximum size of an object, line or event, in bytes. A longer line or event is skipped. If an object is longer, only
 * the fields before the limit are read.
 */
const limit = 8 * 1024 * 1024;

/** Whether a value is a `fetch` response of Node or of a client library. */
export function isFetchResponse(value: object): value is Response {
  return value instanceof Response;
}

/**
 * Follows the body of a `fetch` response, however it is read: as a stream, as a clone, or with `text()`, `json()` and
 * similar methods, which use a reader. The JSON, JSON lines or events in the body are parsed while the bytes pass.
 *
 * Returns whether the response has a body that can still be read.
 */
export function watchResponse(response: Response, listener: StreamListener): boolean {
  const { body, bodyUsed } = response;
  if (body === null || bodyUsed || body.locked) return false;
  const bytes = bytesListener(response.headers.get('content-type') ?? '', listener);
  watchWebStream(body, bytes);
  watchClones(response, bytes);
  return true;
}

/**
 * Follows the two bodies after a call of `clone`: that of the response and that of the copy.
 *
 * Before Node 26, `clone` calls the `tee` method of the body. `watchWebStream` has overridden `tee`, so both new bodies
 * are already followed.
 */
function watchClones(response: Response, bytes: StreamListener): void {
  const { clone } = response;
  let ownBytes = bytes;
  overrideMethod(response, 'clone', () => {
    const copy = clone.call(response);
    const copies = new StreamCopies(ownBytes);
    ownBytes = copies.follow();
    const copiedBytes = copies.follow();
    watchBody(response.body as ReadableStream, ownBytes);
    watchBody(copy.body as ReadableStream, copiedBytes);
    watchClones(copy, copiedBytes);
    return copy;
  });
}

function watchBody(body: ReadableStream, bytes: StreamListener): void {
  if (!Object.hasOwn(body, 'getReader')) watchWebStream(body, bytes);
}

/** Parses the bytes of a body and passes on the objects in them. */
function bytesListener(contentType: string, listener: StreamListener): StreamListener {
  const reader = new BodyReader({
    expected: framingNamed(contentType) ?? 'object',
    limit,
    wanted: wantedFields,
    known: fieldsWithoutUsage,
    onChunk: (chunk) => listener.chunk(chunk),
    onTooLarge: () => {},
  });
  return {
    chunk: (bytes) => {
      if (bytes instanceof Uint8Array) reader.push(bytes);
    },
    end: () => {
      reader.end();
      const { object, isUnknownObject } = reader;
      // `object` contains only the wanted fields of a single object. For a stream, it is empty. The listener counts an
      // empty object as a response without readable usage. So pass one only if all fields of the response are unknown.
      listener.end(isUnknownObject || Object.keys(object).length > 0 ? object : undefined);
    },
    leave: () => listener.leave(),
    fail: (error) => listener.fail(error),
  };
}
