import { callContext } from '../metrics/call-context.js';
import { hasMethod, overrideMethod } from './override-method.js';

type AnyFunction = (...args: unknown[]) => unknown;

/** The streams that keep a context. */
const kept = new WeakSet<object>();

/**
 * Lets the code of a stream run in the current context, whenever the stream is read: the body of a generator, the
 * source of a web stream or of a Node stream, and a stream in the property `stream`.
 *
 * The stream stays the identical object. Other values, and streams that can't be changed, are ignored.
 */
export function keepContext(value: unknown): void {
  const context = callContext.getStore();
  if (context === undefined || typeof value !== 'object' || value === null) return;
  try {
    keep(value, (work) => callContext.run(context, work));
    keepInner(value);
  } catch {
    // A frozen or exotic object can't be changed.
  }
}

type Run = <Result>(work: () => Result) => Result;

function keepInner(value: object): void {
  const stream: unknown = Object.getOwnPropertyDescriptor(value, 'stream')?.value;
  if (typeof stream === 'object' && stream !== null && Symbol.asyncIterator in stream) keepContext(stream);
}

function keep(value: object, run: Run): void {
  const isStream = Symbol.asyncIterator in value || (Symbol.iterator in value && hasMethod(value, 'next'));
  if (!isStream || kept.has(value)) return;
  kept.add(value);
  // The methods with which consumers let the stream continue. Node calls `_read`.
  for (const name of ['next', 'return', 'throw', '_read', 'read', 'pipeTo', 'tee'] as const)
    runMethod(value, name, run);
  for (const name of [Symbol.asyncIterator, 'values', 'getReader'] as const) keepResult(value, name, run);
}

function runMethod(target: object, name: PropertyKey, run: Run): void {
  if (!hasMethod(target, name)) return;
  const method = target[name] as AnyFunction;
  overrideMethod(target, name, (...args: unknown[]) => run(() => method.apply(target, args)));
}

/** Overrides a method that returns an iterator or a reader. */
function keepResult(target: object, name: PropertyKey, run: Run): void {
  if (!hasMethod(target, name)) return;
  const method = target[name] as AnyFunction;
  overrideMethod(target, name, (...args: unknown[]) => {
    const result = run(() => method.apply(target, args));
    if (typeof result !== 'object' || result === null || kept.has(result)) return result;
    kept.add(result);
    for (const step of ['next', 'return', 'throw', 'read'] as const) runMethod(result, step, run);
    return result;
  });
}
