import { AsyncLocalStorage } from 'node:async_hooks';

/** What the surrounding code determines for a call. */
export interface CallContext {
  /** The graph that is running, with `graphContext`. */
  readonly graph: string | undefined;
  /** The labels of `withLabels`. The object inherits no properties. */
  readonly labels: Readonly<Record<string, string>>;
}

const SHARED = Symbol.for('tinyllm.call-context');
const scope = globalThis as { [SHARED]?: AsyncLocalStorage<CallContext> };
scope[SHARED] ??= new AsyncLocalStorage();

/**
 * The context of the running code. All copies of the package share it.
 *
 * Before its first `run`, it has no cost. On Node 20 and 22, the first `run` makes every later `await` of the process
 * slower.
 */
export const callContext: AsyncLocalStorage<CallContext> = scope[SHARED];

/**
 * An object without inherited properties. An object from `Object.create(null)` has none either, but creating and freezing
 * it takes several times as long.
 */
class ContextLabels {
  [name: string]: string;
}
Reflect.deleteProperty(ContextLabels.prototype, 'constructor');
Object.setPrototypeOf(ContextLabels.prototype, null);

/** Copies labels to an object without inherited properties. Freeze the object before you put it in a context. */
export function copyLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const copy = new ContextLabels();
  for (const name of Object.keys(labels)) copy[name] = labels[name]!;
  return copy;
}

/** Copies labels to an object without inherited properties, which can't be changed. */
export function contextLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.freeze(copyLabels(labels));
}

/** The labels of code that is not inside `withLabels`. */
export const NO_LABELS: Readonly<Record<string, string>> = contextLabels({});
