import { styleText } from 'node:util';
import type { Screen } from '../../terminal/output.js';
import type { ViewLine } from './top-view.js';

/** Control sequences of xterm. Source: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html */
const enter = '\u001B[?1049h\u001B[?25l';
const leave = '\u001B[?25h\u001B[?1049l';
const home = '\u001B[H';
const clearLine = '\u001B[K';
const clearBelow = '\u001B[J';

/** A terminal's other screen, which is drawn over and leaves no trace: at its end all is as it was before. */
export class TerminalScreen {
  readonly #screen: Screen;
  readonly #leave = (): void => this.close();
  #isOpen = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Switches to the other screen, also back from it at whatever end of the process that can be seen. */
  open(): void {
    this.#isOpen = true;
    process.once('exit', this.#leave);
    this.#screen.write(enter);
  }

  /** Draws these lines and nothing else. */
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
    // The stream has been looked at already; without this Node would look at it again.
    return styleText(tone, text, { validateStream: false });
  }
}
