import type { Output } from '../terminal/output.js';
import type { CommandContext } from './command-context.js';

/** The lifetime of a command: its abort signal, and the steps to run after its end. */
export class Lifetime implements CommandContext {
  readonly #controller = new AbortController();
  readonly #steps: (() => Promise<void>)[] = [];
  #graceSeconds = 2;

  constructor(readonly output: Output) {}

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** How long the command may take to finish after its signal is aborted, in seconds. */
  get graceSeconds(): number {
    return this.#graceSeconds;
  }

  ensureGraceSeconds(seconds: number): void {
    this.#graceSeconds = Math.max(this.#graceSeconds, seconds);
  }

  defer(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  /** Ends the command early: aborts its signal with an `AbortError`. */
  end(): void {
    this.#controller.abort();
  }

  /** Runs the deferred steps in reverse order. If steps throw, rethrows the last error after all steps have run. */
  async close(): Promise<void> {
    const step = this.#steps.pop();
    if (step === undefined) return;
    try {
      await step();
    } finally {
      await this.close();
    }
  }
}
