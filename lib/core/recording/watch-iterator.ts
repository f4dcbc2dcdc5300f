import { type DeferredWork, deferredWork } from '../metrics/deferred-work.js';
import { isThenable } from '../metrics/is-thenable.js';
import { hasMethod, shadow } from './shadow.js';
import type { StreamListener } from './stream-call.js';

type Step = (...input: unknown[]) => unknown;
type Seen = (result: IteratorResult<unknown>) => void;

/** Whether a value is an iterator, sync or async, that can be iterated itself: a generator, say. */
export function isIterator(value: object): value is Iterator<unknown> {
  return (Symbol.asyncIterator in value || Symbol.iterator in value) && hasMethod(value, 'next');
}

/** Follows an iterator, sync or async, through its own `next`, `return` and `throw`. */
export function watchIterator(iterator: Iterator<unknown> | AsyncIterator<unknown>, listener: StreamListener): void {
  const seenNext: Seen = (result) => (result.done ? listener.end(result.value) : listener.chunk(result.value));
  const seenReturn: Seen = (result) => {
    if (result.done !== false) listener.leave();
  };
  const watchMethod = (name: 'next' | 'return' | 'throw', seen: Seen): void => {
    if (!hasMethod(iterator, name)) return;
    const step: Step = iterator[name];
    shadow(iterator, name, (...input: unknown[]) => watchStep(() => step.apply(iterator, input), seen, listener));
  };
  if (!hasMethod(iterator, 'return')) shadow(iterator, 'return', returnOf(iterator, listener));
  else watchMethod('return', seenReturn);
  watchMethod('next', seenNext);
  watchMethod('throw', seenNext);
  if (Symbol.asyncIterator in iterator) watchIterable(iterator as AsyncIterable<unknown>, listener);
}

/** Follows every iteration of an async iterable. */
export function watchIterable(iterable: AsyncIterable<unknown>, listener: StreamListener): void {
  const followed = new WeakSet<object>([iterable]);
  const follow = (key: PropertyKey, iterate: (...args: unknown[]) => unknown): void => {
    shadow(iterable, key, (...args: unknown[]) => {
      const iterator = iterate.apply(iterable, args) as AsyncIterator<unknown>;
      if (hasMethod(Object(iterator), 'next') && !followed.has(iterator)) {
        watchIterator(iterator, listener);
        followed.add(iterator);
      }
      return iterator;
    });
  };
  if (hasMethod(iterable, Symbol.asyncIterator)) follow(Symbol.asyncIterator, iterable[Symbol.asyncIterator]);
  // Of the streams of OpenAI's and Anthropic's clients `tee` reads what their iteration does, by its other name.
  if (hasMethod(iterable, 'tee') && hasMethod(iterable, 'iterator')) follow('iterator', iterable.iterator);
}

/** A `return` for an iterator that has none, so that a consumer's leaving is seen. */
function returnOf(iterator: object, listener: StreamListener): Step {
  const isAsync = Symbol.asyncIterator in iterator || !(Symbol.iterator in iterator);
  return (value) => {
    listener.leave();
    const result = { done: true, value };
    return isAsync ? Promise.resolve(result) : result;
  };
}

function watchStep(step: () => unknown, seen: Seen, listener: StreamListener): unknown {
  let result: unknown;
  try {
    result = step();
  } catch (error) {
    try {
      listener.fail(error);
    } catch {
      // The stack is full.
      const work = {} as DeferredWork;
      work.run = () => listener.fail(error);
      work.next = deferredWork.last;
      deferredWork.last = work;
    }
    throw error;
  }
  if (!isThenable(result)) {
    look(result, seen, listener);
    return result;
  }
  return result.then(
    (settled) => {
      look(settled, seen, listener);
      return settled;
    },
    (error: unknown) => {
      listener.fail(error);
      throw error;
    },
  );
}

/** A database cursor's `next` may give a bare document, even one with a field `done`, or null: no end is in that. */
function look(result: unknown, seen: Seen, listener: StreamListener): void {
  try {
    if (typeof result === 'object' && result !== null && 'done' in result && hasNothingElse(result)) {
      seen(result as IteratorResult<unknown>);
    }
  } catch (error) {
    // Its fields cannot be read, and whoever asked for it meets the same error.
    listener.fail(error);
  }
}

function hasNothingElse(result: object): boolean {
  return 'value' in result || Object.keys(result).length === 1;
}
