import { AsyncLocalStorage } from 'node:async_hooks';

/** What the surrounding code determines for a call. */
export interface CallContext {
  /** The graph that is running, with `graphContext`. */
  readonly graph: string | undefined;
  /** The labels of `withLabels`. The object has no prototype, so that it has no other properties. */
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

/** Creates the labels of a context. The object has no prototype, and can't be changed. */
export function contextLabels(entries: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.freeze(Object.assign(Object.create(null), entries));
}

/** The labels of code that is not inside `withLabels`. */
export const NO_LABELS: Readonly<Record<string, string>> = contextLabels({});
