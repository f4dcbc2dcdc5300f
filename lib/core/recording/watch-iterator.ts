import { type DeferredWork, deferredWork } from '../metrics/deferred-work.js';
import { isThenable } from '../metrics/is-thenable.js';
import { hasMethod, overrideMethod } from './override-method.js';
import type { StreamListener } from './stream-call.js';

type Step = (...input: unknown[]) => unknown;
type ResultHandler = (result: IteratorResult<unknown>) => void;

/** Whether a value is an iterator, sync or async, that is also iterable, such as a generator. */
export function isIterator(value: object): value is Iterator<unknown> {
  return (Symbol.asyncIterator in value || Symbol.iterator in value) && hasMethod(value, 'next');
}

/** Follows an iterator, sync or async, through its own `next`, `return` and `throw`. */
export function watchIterator(iterator: Iterator<unknown> | AsyncIterator<unknown>, listener: StreamListener): void {
  const onNext: ResultHandler = (result) => (result.done ? listener.end(result.value) : listener.chunk(result.value));
  const onReturn: ResultHandler = (result) => {
    if (result.done !== false) listener.leave();
  };
  const watchMethod = (name: 'next' | 'return' | 'throw', onResult: ResultHandler): void => {
    if (!hasMethod(iterator, name)) return;
    const step: Step = iterator[name];
    overrideMethod(iterator, name, (...input: unknown[]) =>
      watchStep(() => step.apply(iterator, input), onResult, listener),
    );
  };
  if (!hasMethod(iterator, 'return')) overrideMethod(iterator, 'return', returnOf(iterator, listener));
  else watchMethod('return', onReturn);
  watchMethod('next', onNext);
  watchMethod('throw', onNext);
  if (Symbol.asyncIterator in iterator) watchIterable(iterator as AsyncIterable<unknown>, listener);
}

/** Follows every iteration of an async iterable. */
export function watchIterable(iterable: AsyncIterable<unknown>, listener: StreamListener): void {
  const followed = new WeakSet<object>([iterable]);
  const follow = (key: PropertyKey, iterate: (...args: unknown[]) => unknown): void => {
    overrideMethod(iterable, key, (...args: unknown[]) => {
      const iterator = iterate.apply(iterable, args) as AsyncIterator<unknown>;
      if (hasMethod(Object(iterator), 'next') && !followed.has(iterator)) {
        watchIterator(iterator, listener);
        followed.add(iterator);
      }
      return iterator;
    });
  };
  if (hasMethod(iterable, Symbol.asyncIterator)) follow(Symbol.asyncIterator, iterable[Symbol.asyncIterator]);
  // In the streams of OpenAI's and Anthropic's clients, `tee` calls the iteration method by its other name, `iterator`.
  if (hasMethod(iterable, 'tee') && hasMethod(iterable, 'iterator')) follow('iterator', iterable.iterator);
}

/** Creates `return` for an iterator without one, to detect that a consumer stops reading. */
function returnOf(iterator: object, listener: StreamListener): Step {
  const isAsync = Symbol.asyncIterator in iterator || !(Symbol.iterator in iterator);
  return (value) => {
    listener.leave();
    const result = { done: true, value };
    return isAsync ? Promise.resolve(result) : result;
  };
}

function watchStep(step: () => unknown, onResult: ResultHandler, listener: StreamListener): unknown {
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
    inspectResult(result, onResult, listener);
    return result;
  }
  return result.then(
    (settled) => {
      inspectResult(settled, onResult, listener);
      return settled;
    },
    (error: unknown) => {
      listener.fail(error);
      throw error;
    },
  );
}

/**
 * Passes a result to `onResult` if it is an iterator result. The `next` of a database cursor may return a document or
 * null instead. Neither is passed on, unless the document has both `done` and `value`.
 */
function inspectResult(result: unknown, onResult: ResultHandler, listener: StreamListener): void {
  try {
    if (typeof result === 'object' && result !== null && 'done' in result && isIteratorResult(result)) {
      onResult(result as IteratorResult<unknown>);
    }
  } catch (error) {
    // The fields can't be read. The consumer gets the same error.
    listener.fail(error);
  }
}

function isIteratorResult(result: object): boolean {
  return 'value' in result || Object.keys(result).length === 1;
}
