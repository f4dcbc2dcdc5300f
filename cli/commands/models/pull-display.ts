import type { PullProgress } from '@tinyllm/executor/servers';
import type { SingleBar } from 'cli-progress';
import type { Output } from '../../terminal/output.js';
import { progressBar } from '../../terminal/progress-bar.js';
import { readableBytes } from '../../terminal/readable-bytes.js';

/** How far a layer comes before it is told again where no bar can be drawn, in tenths. */
const tenths = 10;

/** Shows how far a pull is: a bar on a terminal, a line now and then elsewhere; all of it on stderr. */
export class PullDisplay {
  readonly #output: Output;
  readonly #bar: SingleBar | undefined;
  #drawn = false;
  #told = '';

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
      this.#tell(status, status);
    } else if (this.#bar === undefined) {
      const part = Math.floor((completedBytes / totalBytes) * tenths);
      this.#tell(`${status} ${part}`, `${status}: ${part * tenths}% of ${readableBytes(totalBytes)}`);
    } else {
      this.#draw(this.#bar, { status, totalBytes, completedBytes });
    }
  }

  /** Leaves the terminal as it was. */
  end(): void {
    this.#clear();
  }

  #draw(bar: SingleBar, { status, totalBytes, completedBytes }: Required<Omit<PullProgress, 'digest'>>): void {
    const size = readableBytes(totalBytes);
    if (status !== this.#told) {
      this.#clear();
      this.#tell(status, status);
    }
    if (this.#drawn) bar.update(completedBytes, { size });
    else bar.start(totalBytes, completedBytes, { size });
    this.#drawn = true;
  }

  #clear(): void {
    if (this.#drawn) this.#bar?.stop();
    this.#drawn = false;
  }

  #tell(what: string, line: string): void {
    if (what !== this.#told) this.#output.note(line);
    this.#told = what;
  }
}
