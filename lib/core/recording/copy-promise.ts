import { overrideMethod } from './override-method.js';

/**
 * Copies the properties that an application added to a promise, such as `cancel`, to the promise that replaces it. If the
 * original has its own `then`, the replacement uses it.
 */
export function copyPromise(promise: Promise<unknown>, replacement: Promise<unknown>): void {
  for (const key of Object.keys(promise).filter((name) => name !== 'then')) {
    Object.defineProperty(replacement, key, Object.getOwnPropertyDescriptor(promise, key) as PropertyDescriptor);
  }
  if (!Object.hasOwn(promise, 'then')) return;
  overrideMethod(replacement, 'then', (...handlers: Parameters<typeof promise.then>) => {
    // The handlers are added to `promise` only. Node must not report a rejection of the replacement as unhandled.
    Promise.prototype.then.call(replacement, noop, noop);
    return promise.then(...handlers);
  });
}

function noop(): void {}
