import type { TinyLLMError } from '../errors/tinyllm-error.js';

/** Is notified of a problem. */
export type ProblemListener = (error: TinyLLMError) => void;

/** Maximum number of problems that are kept. Further ones are ignored. */
const MAX_PROBLEMS = 100;

/**
 * Mistakes of the application that do not stop it, such as a label function that returns nothing.
 *
 * Each problem is reported once. Listeners that are added later are notified of it too, because calls can be recorded
 * before a server starts.
 */
export class Problems {
  readonly #listeners = new Set<ProblemListener>();
  /** By message. */
  readonly #reported = new Map<string, TinyLLMError>();

  /** Reports a problem, unless one with the same message was reported before. Returns whether it was reported now. */
  report(problem: TinyLLMError): boolean {
    if (this.#reported.has(problem.message) || this.#reported.size >= MAX_PROBLEMS) return false;
    this.#reported.set(problem.message, problem);
    for (const listener of this.#listeners) listener(problem);
    return true;
  }

  /** Notifies a listener of the reported and all future problems. Returns a function that removes it. */
  follow(listener: ProblemListener): () => void {
    for (const problem of this.#reported.values()) listener(problem);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
