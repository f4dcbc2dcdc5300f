import { isPromise } from 'node:util/types';

/**
 * Whether a value is a plain promise. A subclass can have more state or other constructor arguments, so it is followed
 * as a thenable.
 */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  try {
    // Check `isPromise` last: it is the most expensive test, and it only excludes Proxies around promises.
    return value instanceof Promise && value.constructor === Promise && isPromise(value);
  } catch {
    return false;
  }
}
