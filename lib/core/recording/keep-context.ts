import { callContext } from '../metrics/call-context.js';
import { hasMethod, overrideMethod } from './override-method.js';
import { isNodeReadable } from './watch-node-readable.js';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Run = <Result>(work: () => Result) => Result;

/** How consumers let a stream continue. */
interface StreamMethods {
  /** Methods that run code of the stream. */
  readonly steps: readonly PropertyKey[];
  /** Methods that return an iterator or a reader, whose methods run code of the stream. */
  readonly readers: readonly PropertyKey[];
}

const STEPS = ['next', 'return', 'throw'];
const ITERATOR: StreamMethods = { steps: STEPS, readers: [Symbol.asyncIterator] };
const ITERABLE: StreamMethods = { steps: [], readers: [Symbol.asyncIterator] };
const WEB_STREAM: StreamMethods = {
  steps: ['pipeTo', 'pipeThrough', 'tee'],
  readers: [Symbol.asyncIterator, 'values', 'getReader'],
};
/** Node calls `_read` when it needs data. */
const NODE_STREAM: StreamMethods = { steps: ['_read', 'read'], readers: [Symbol.asyncIterator] };

/** The properties of a result that can contain its stream. */
const STREAM_PROPERTIES = ['stream', 'textStream', 'fullStream'];

/** The streams that keep a context. */
const kept = new WeakSet<object>();

/**
 * Lets the code of a stream run in the current context, whenever the stream is read: the body of a generator, the
 * source of a web stream or of a Node stream, and a stream in the property `stream`, `textStream` or `fullStream`.
 *
 * The stream stays the identical object and keeps the first context. Other values, streams that can't be changed, and
 * objects that can be iterated several times, such as a store, are ignored.
 */
export function keepContext(value: unknown): void {
  const context = callContext.getStore();
  if (context === undefined || typeof value !== 'object' || value === null) return;
  try {
    keepIn(value, (work) => callContext.run(context, work));
  } catch {
    // A frozen or exotic object can't be changed.
  }
}

function keepIn(value: object, run: Run): void {
  const methods = methodsOf(value);
  if (methods !== undefined) {
    keep(value, methods, run);
    return;
  }
  for (const name of STREAM_PROPERTIES) {
    const stream: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
    const inner = typeof stream === 'object' && stream !== null ? methodsOf(stream) : undefined;
    if (inner !== undefined) keep(stream as object, inner, run);
  }
}

/** Returns undefined if a value is not a stream that is read once. */
function methodsOf(value: object): StreamMethods | undefined {
  if (value instanceof ReadableStream) return WEB_STREAM;
  // A duplex stream is usually a connection that several calls share.
  if (isNodeReadable(value)) return hasMethod(value, 'write') ? undefined : NODE_STREAM;
  const isIterable = Symbol.asyncIterator in value || Symbol.iterator in value;
  if (isIterable && hasMethod(value, 'next')) return ITERATOR;
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  return isPlain && Symbol.asyncIterator in value ? ITERABLE : undefined;
}

function keep(target: object, { steps, readers }: StreamMethods, run: Run): void {
  if (kept.has(target)) return;
  kept.add(target);
  for (const name of steps) override(target, name, (call) => run(call));
  for (const name of readers) {
    override(target, name, (call) => {
      const reader = run(call);
      if (typeof reader === 'object' && reader !== null) keep(reader, { steps: [...STEPS, 'read'], readers: [] }, run);
      return reader;
    });
  }
}

/** Overrides a method, if there is one. `around` gets the call of the original method, and returns the result. */
function override(target: object, name: PropertyKey, around: (call: () => unknown) => unknown): void {
  if (!hasMethod(target, name)) return;
  const method = target[name] as AnyFunction;
  overrideMethod(target, name, function (this: unknown, ...args: unknown[]) {
    return around(() => method.apply(this, args));
  });
}
