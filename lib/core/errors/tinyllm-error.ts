/** Facts every TinyLLM error can carry besides its message. */
export interface ErrorFacts {
  /** What was wrong underneath, if something was. */
  readonly cause?: unknown;
}

/** What the errors of each class are marked with; another copy of the package marks its own in the same way. */
const marks = new Map<unknown, symbol>();

function isOf(errorClass: unknown, value: unknown): boolean {
  const mark = marks.get(errorClass);
  // A class of the application's own, which extends one of ours, is known in the ordinary way.
  if (mark === undefined) return Function.prototype[Symbol.hasInstance].call(errorClass, value);
  return typeof value === 'object' && value !== null && mark in value;
}

/**
 * The base of every error TinyLLM throws on purpose.
 *
 * The message is one line: what came, what was expected, and what to do about it. `instanceof` holds of the errors of
 * every copy of the package that a process has loaded.
 */
export class TinyLLMError extends Error {
  /** Whether a value is such an error, be it of another copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: each class inherits this, and is asked for itself
    return isOf(this, value);
  }

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, 'cause' in facts ? { cause: facts.cause } : undefined);
    this.name = new.target.name;
  }
}

/** Whether an error is one of ours, and so has a message meant for people. */
export function isTinyLLMError(error: unknown): error is TinyLLMError {
  return error instanceof TinyLLMError;
}

/** Marks classes of errors by their names, so that `instanceof` holds of those of every copy of the package. */
export function markErrors(errorClasses: Readonly<Record<string, { readonly prototype: object }>>): void {
  for (const [name, errorClass] of Object.entries(errorClasses)) {
    const mark = Symbol.for(`tinyllm.error.${name}`);
    marks.set(errorClass, mark);
    Object.defineProperty(errorClass.prototype, mark, { value: true });
  }
}

markErrors({ TinyLLMError });
