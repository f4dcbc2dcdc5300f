import { errorMonitor } from 'node:events';
import type { Readable } from 'node:stream';
import { hasMethod } from './shadow.js';
import type { StreamListener } from './stream-call.js';
import { watchIterable } from './watch-iterator.js';

/** Whether a value is a Node stream one can read from. */
export function isNodeReadable(value: object): value is Readable {
  return hasMethod(value, 'pipe') && hasMethod(value, 'once');
}

/** Follows a Node stream by its events, which neither start it nor handle its errors, and by its iteration. */
export function watchNodeReadable(readable: Readable, listener: StreamListener): void {
  watchIterable(readable, listener);
  readable.once('end', () => listener.end());
  readable.once(errorMonitor, (error: unknown) => listener.fail(error));
  readable.once('close', () => listener.leave());
}
