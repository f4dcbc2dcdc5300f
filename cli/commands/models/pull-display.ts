import type { PullProgress } from '@tinyllm/executor/servers';
import type { SingleBar } from 'cli-progress';
import type { Output } from '../../terminal/output.js';
import { progressBar } from '../../terminal/progress-bar.js';
import { readableBytes } from '../../terminal/readable-bytes.js';

/** The number of progress lines per layer if no bar can be drawn. */
const steps = 10;

/** Shows the progress of a download on stderr: a bar on a terminal, otherwise lines. */
export class PullDisplay {
  readonly #output: Output;
  readonly #bar: SingleBar | undefined;
  #drawn = false;
  #reported = '';

  static async start(output: Output): Promise<PullDisplay> {
    const bar = await progressBar(output, {
      format: '{bar} {percentage}% of {size}, {eta_formatted} left',
      etaBuffer: 50,
    });
    return new PullDisplay(output, bar);
  }

  private constructor(output: Output, bar: SingleBar | undefined) {
    this.#output = output;
    this.#bar = bar;
  }

  show({ status, totalBytes, completedBytes = 0 }: PullProgress): void {
    if (totalBytes === undefined || totalBytes === 0) {
      this.#clear();
      this.#report(status, status);
    } else if (this.#bar === undefined) {
      const part = Math.floor((completedBytes / totalBytes) * steps);
      this.#report(`${status} ${part}`, `${status}: ${part * (100 / steps)}% of ${readableBytes(totalBytes)}`);
    } else {
      this.#draw(this.#bar, { status, totalBytes, completedBytes });
    }
  }

  /** Removes the bar from the terminal. */
  end(): void {
    this.#clear();
  }

  #draw(bar: SingleBar, { status, totalBytes, completedBytes }: Required<Omit<PullProgress, 'digest'>>): void {
    const size = readableBytes(totalBytes);
    if (status !== this.#reported) {
      this.#clear();
      this.#report(status, status);
    }
    if (this.#drawn) bar.update(completedBytes, { size });
    else bar.start(totalBytes, completedBytes, { size });
    this.#drawn = true;
  }

  #clear(): void {
    if (this.#drawn) this.#bar?.stop();
    this.#drawn = false;
  }

  #report(state: string, line: string): void {
    if (state !== this.#reported) this.#output.note(line);
    this.#reported = state;
  }
}
