import type { Screen } from '../../terminal/output.js';
import { type KeyInput, TerminalKeys } from './terminal-keys.js';
import { TerminalScreen } from './terminal-screen.js';
import type { ViewLine } from './top-view.js';

/** The terminal and the callbacks of a session. */
export interface TerminalSessionOptions {
  readonly screen: Screen;
  /** The input for keys. Ignored if it is no terminal. */
  readonly input: KeyInput;
  /** Called after a resize, and when a suspended process continues. */
  readonly redraw: () => void;
  /** Called for the key `q`. */
  readonly quit: () => void;
}

/** Uses the alternate screen and the keys of a terminal. Releases them while the process is suspended. */
export class TerminalSession {
  readonly #screen: TerminalScreen;
  readonly #keys: TerminalKeys | undefined;
  readonly #redraw: () => void;
  #isOpen = false;
  readonly #suspend = (): void => {
    this.#release();
    // The default action of SIGTSTP, which this listener replaces.
    process.kill(process.pid, 'SIGSTOP');
  };
  readonly #resume = (): void => {
    this.#acquire();
    this.#redraw();
  };

  constructor({ screen, input, redraw, quit }: TerminalSessionOptions) {
    this.#redraw = redraw;
    this.#screen = new TerminalScreen(screen);
    const onSignal = (signal: NodeJS.Signals): void => {
      if (signal === 'SIGTSTP') this.#release();
      // Like the terminal, signal the whole process group: npx or a script may be the parent.
      process.kill(0, signal);
    };
    this.#keys = input.isTTY === true ? new TerminalKeys(input, { onQuit: quit, onSignal }) : undefined;
  }

  open(): void {
    process.on('SIGWINCH', this.#redraw);
    process.on('SIGTSTP', this.#suspend);
    process.on('SIGCONT', this.#resume);
    this.#acquire();
  }

  /** Replaces the content of the screen by these lines. */
  draw(lines: readonly ViewLine[]): void {
    this.#screen.draw(lines);
  }

  close(): void {
    process.off('SIGWINCH', this.#redraw);
    process.off('SIGTSTP', this.#suspend);
    process.off('SIGCONT', this.#resume);
    this.#release();
  }

  #acquire(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#keys?.open();
    this.#screen.open();
  }

  #release(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#screen.close();
    this.#keys?.close();
  }
}
