import { watchGetter } from './getters.js';
import { isOverridable, overrideMethod } from './override-method.js';
import type { StreamListener } from './stream-call.js';

/** Methods and properties with a promise of the whole response. */
const completionNames = /^(?:done|finished|completed?|completion|result|final[A-Z]\w*)$/;

const known = new WeakMap<object, readonly string[]>();

/**
 * Follows the methods of a stream that read it to its end and return a promise of the whole response, such as `done()`
 * or `finalMessage()`. Also follows properties with such a promise. The promises stay the identical objects.
 *
 * A getter may start work, so it only runs when the application reads the property. Properties that are not configurable
 * are ignored.
 */
export function watchCompletion(stream: object, listener: StreamListener): void {
  for (const name of completionNamesOf(stream)) {
    if (!isOverridable(stream, name)) continue;
    if (watchGetter(stream, name, (promise) => followPromise(promise, listener)) !== undefined) continue;
    const descriptor = Object.getOwnPropertyDescriptor(stream, name);
    if (descriptor?.value instanceof Promise) {
      watchPromise(stream, name, descriptor.value, listener);
      continue;
    }
    const complete = (stream as Readonly<Record<string, unknown>>)[name];
    if (typeof complete === 'function') {
      overrideMethod(stream, name, (...args: unknown[]) => {
        const promise: unknown = complete.apply(stream, args);
        followPromise(promise, listener);
        return promise;
      });
    }
  }
}

/**
 * Follows the promise of the whole response in a property, as soon as the property is read.
 *
 * The property keeps its promise and stays assignable. After the first read of the
 * property, a rejection of the promise counts as handled.
 */
export function watchPromise(
  owner: object,
  name: string,
  promise: Promise<unknown>,
  listener: Pick<StreamListener, 'end' | 'fail'>,
): void {
  const { enumerable = true, writable = true } = Object.getOwnPropertyDescriptor(owner, name) ?? {};
  let isFollowed = false;
  Object.defineProperty(owner, name, {
    configurable: true,
    enumerable,
    get: () => {
      if (!isFollowed) followPromise(promise, listener);
      isFollowed = true;
      return promise;
    },
    set: (value: unknown) => {
      if (writable) Object.defineProperty(owner, name, { configurable: true, enumerable, writable, value });
    },
  });
}

function completionNamesOf(stream: object): readonly string[] {
  const own = Object.keys(stream).filter((name) => completionNames.test(name));
  const prototype: object | null = Object.getPrototypeOf(stream);
  return prototype === null ? own : [...own, ...inheritedNames(prototype)];
}

function inheritedNames(prototype: object): readonly string[] {
  let names = known.get(prototype);
  if (names === undefined) {
    const found = new Set<string>();
    for (
      let holder: object | null = prototype;
      holder !== null && holder !== Object.prototype;
      holder = Object.getPrototypeOf(holder)
    ) {
      for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
        if ((typeof value === 'function' || get !== undefined) && completionNames.test(name)) found.add(name);
      }
    }
    names = [...found];
    known.set(prototype, names);
  }
  return names;
}

/** Follows a native promise. Other thenables are ignored, because calling their `then` could start work. */
export function followPromise(promise: unknown, listener: Pick<StreamListener, 'end' | 'fail'>): void {
  if (!(promise instanceof Promise)) return;
  Promise.prototype.then.call(
    promise,
    (value) => listener.end(value),
    (error) => listener.fail(error),
  );
}
