import { errorMonitor } from 'node:events';
import type { Readable } from 'node:stream';
import { hasMethod } from './shadow.js';
import type { StreamListener } from './stream-call.js';
import { watchIterable } from './watch-iterator.js';

/** Whether a value is a Node stream that can be read. */
export function isNodeReadable(value: object): value is Readable {
  return Symbol.asyncIterator in value && hasMethod(value, 'pipe') && hasMethod(value, 'once');
}

/**
 * Follows a Node stream by its events, which neither start it nor handle its errors, and by its iteration.
 *
 * Returns whether the stream can still be read. One that has ended, failed or been destroyed has no further events.
 */
export function watchNodeReadable(readable: Readable, listener: StreamListener): boolean {
  if (readable.readable === false) return false;
  watchIterable(readable, listener);
  readable.once('end', () => listener.end());
  readable.once(errorMonitor, (error: unknown) => listener.fail(error));
  readable.once('close', () => listener.leave());
  return true;
}
