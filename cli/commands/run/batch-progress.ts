import type { SingleBar } from 'cli-progress';
import type { Output } from '../../terminal/output.js';
import { progressBar } from '../../terminal/progress-bar.js';

/** Time between progress lines if no bar can be drawn, in milliseconds. */
const pause = 5000;

/** Shows the progress of a batch on stderr: a bar on a terminal, otherwise a line every 5 seconds. */
export class BatchProgress {
  readonly #output: Output;
  readonly #total: number;
  readonly #bar: SingleBar | undefined;
  readonly #lines: NodeJS.Timeout | undefined;
  #done = 0;
  #failed = 0;
  #reported = 0;

  static async start(output: Output, total: number): Promise<BatchProgress> {
    return new BatchProgress(
      output,
      total,
      await progressBar(output, { format: '{bar} {value}/{total}{failed}, {eta_formatted} left' }),
    );
  }

  private constructor(output: Output, total: number, bar: SingleBar | undefined) {
    this.#output = output;
    this.#total = total;
    this.#bar = bar;
    bar?.start(total, 0, { failed: '' });
    if (bar === undefined) this.#lines = setInterval(() => this.#report(), pause).unref();
  }

  /** Counts a question that was answered or failed. */
  count({ failed }: { readonly failed: boolean }): void {
    this.#done++;
    if (failed) this.#failed++;
    this.#bar?.update(this.#done, { failed: this.#failures });
  }

  /** Prints lines above the bar. */
  printAbove(print: () => void): void {
    if (this.#bar !== undefined) this.#output.terminal?.write('\r\u001b[K');
    print();
  }

  end(): void {
    clearInterval(this.#lines);
    this.#bar?.stop();
  }

  get #failures(): string {
    return this.#failed === 0 ? '' : `, ${this.#failed} failed`;
  }

  #report(): void {
    if (this.#done === this.#reported) return;
    this.#reported = this.#done;
    this.#output.note(`${this.#done} of ${this.#total} questions done${this.#failures}`);
  }
}
