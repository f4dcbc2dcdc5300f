import { errorMonitor } from 'node:events';
import type { Readable } from 'node:stream';
import { hasMethod } from './override-method.js';
import type { StreamListener } from './stream-call.js';
import { watchIterable } from './watch-iterator.js';

/** Whether a value is a readable Node stream. */
export function isNodeReadable(value: object): value is Readable {
  return Symbol.asyncIterator in value && hasMethod(value, 'pipe') && hasMethod(value, 'once');
}

/**
 * Follows a Node stream: overrides its iteration, and listens to its end, its errors and its close. These listeners
 * neither start the stream nor handle its errors.
 *
 * Returns whether the stream can still be read. A stream that has ended, failed or been destroyed emits no more events.
 */
export function watchNodeReadable(readable: Readable, listener: StreamListener): boolean {
  if (readable.readable === false) return false;
  watchIterable(readable, listener);
  readable.once('end', () => listener.end());
  readable.once(errorMonitor, (error: unknown) => listener.fail(error));
  readable.once('close', () => listener.leave());
  return true;
}
