import { styleText } from 'node:util';
import type { Screen } from '../../terminal/output.js';
import type { ViewLine } from './top-view.js';

/** Control sequences of xterm. Source: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html */
const enter = '\u001B[?1049h\u001B[?25l';
const leave = '\u001B[?25h\u001B[?1049l';
const home = '\u001B[H';
const clearLine = '\u001B[K';
const clearBelow = '\u001B[J';

/** The alternate screen of a terminal. Closing it restores the previous content of the terminal. */
export class TerminalScreen {
  readonly #screen: Screen;
  readonly #leave = (): void => this.close();
  #isOpen = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Switches to the alternate screen. Switches back when the process exits, unless a signal kills it. */
  open(): void {
    this.#isOpen = true;
    process.once('exit', this.#leave);
    this.#screen.write(enter);
  }

  /** Replaces the content of the screen by these lines. */
  draw(lines: readonly ViewLine[]): void {
    if (!this.#isOpen) return;
    const drawn = lines.map(({ text, tone }) => this.#styled(text, tone) + clearLine);
    this.#screen.write(home + drawn.join('\r\n') + clearBelow);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off('exit', this.#leave);
    this.#screen.write(leave);
  }

  #styled(text: string, tone: ViewLine['tone']): string {
    if (tone === undefined || !this.#screen.colour) return text;
    // `colour` already depends on the stream. Without the option, Node would check stdout again.
    return styleText(tone, text, { validateStream: false });
  }
}
