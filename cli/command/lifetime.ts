import type { Output } from '../terminal/output.js';
import type { CommandContext } from './command-context.js';

/** A command's life: what can end it early, and what is still to do after it has ended. */
export class Lifetime implements CommandContext {
  readonly #controller = new AbortController();
  readonly #steps: (() => Promise<void>)[] = [];
  #graceSeconds = 2;

  constructor(readonly output: Output) {}

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** How long the command may take to end, once it is ended early. */
  get graceSeconds(): number {
    return this.#graceSeconds;
  }

  allowSeconds(seconds: number): void {
    this.#graceSeconds = Math.max(this.#graceSeconds, seconds);
  }

  afterwards(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  /** Ends the command early: aborts its signal with an `AbortError`. */
  end(): void {
    this.#controller.abort();
  }

  /** Runs the steps, the last one taken first. When one throws, so does this, after the others have run. */
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
