/** Additional facts of a TinyLLM error. */
export interface ErrorFacts {
  /** The underlying error, if there is one. */
  readonly cause?: unknown;
}

/** The mark of each error class. All copies of the package use the same marks. */
const marks = new Map<unknown, symbol>();

function isOf(errorClass: unknown, value: unknown): boolean {
  const mark = marks.get(errorClass);
  // An application's subclass of a TinyLLM error has no mark and needs the default check.
  if (mark === undefined) return Function.prototype[Symbol.hasInstance].call(errorClass, value);
  return typeof value === 'object' && value !== null && mark in value;
}

/**
 * The base class of all errors that TinyLLM throws intentionally.
 *
 * The message is one line: the value received, what was expected, and how to fix it. `instanceof` also recognizes the
 * errors of other copies of the package in the process.
 */
export class TinyLLMError extends Error {
  /** Whether a value is such an error, even from another copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: each class inherits this method, and `this` is that class
    return isOf(this, value);
  }

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, 'cause' in facts ? { cause: facts.cause } : undefined);
    this.name = new.target.name;
  }
}

/** Whether an error is a TinyLLM error, so that its message is meant for users. */
export function isTinyLLMError(error: unknown): error is TinyLLMError {
  return error instanceof TinyLLMError;
}

/** Marks error classes by name, so that `instanceof` recognizes the errors of all copies of the package. */
export function markErrors(errorClasses: Readonly<Record<string, { readonly prototype: object }>>): void {
  for (const [name, errorClass] of Object.entries(errorClasses)) {
    const mark = Symbol.for(`tinyllm.error.${name}`);
    marks.set(errorClass, mark);
    Object.defineProperty(errorClass.prototype, mark, { value: true });
  }
}

markErrors({ TinyLLMError });
