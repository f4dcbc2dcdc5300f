import type { SingleBar } from 'cli-progress';
import type { Output } from '../../terminal/output.js';
import { progressBar } from '../../terminal/progress-bar.js';

/** How often to say how far a batch is where no bar can be drawn, in milliseconds. */
const pause = 5000;

/** Shows how far a batch is: a bar on a terminal, a line now and then elsewhere; all of it on stderr. */
export class BatchProgress {
  readonly #output: Output;
  readonly #total: number;
  readonly #bar: SingleBar | undefined;
  readonly #lines: NodeJS.Timeout | undefined;
  #done = 0;
  #failed = 0;
  #told = 0;

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
    if (bar === undefined) this.#lines = setInterval(() => this.#tell(), pause).unref();
  }

  /** Counts a question that has its answer, or has failed. */
  count({ failed }: { readonly failed: boolean }): void {
    this.#done++;
    if (failed) this.#failed++;
    this.#bar?.update(this.#done, { failed: this.#failures });
  }

  /** Prints something without tearing the bar. */
  aside(print: () => void): void {
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

  #tell(): void {
    if (this.#done === this.#told) return;
    this.#told = this.#done;
    this.#output.note(`${this.#done} of ${this.#total} questions done${this.#failures}`);
  }
}
