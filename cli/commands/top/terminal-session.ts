import type { Screen } from '../../terminal/output.js';
import { type KeyInput, TerminalKeys } from './terminal-keys.js';
import { TerminalScreen } from './terminal-screen.js';
import type { ViewLine } from './top-view.js';

/** What a session on a terminal has to do with. */
export interface TerminalSessionOptions {
  readonly screen: Screen;
  /** Where keys come from; read only where it is a terminal. */
  readonly input: KeyInput;
  /** Called when the terminal has another size, or is ours again. */
  readonly redraw: () => void;
  /** Called at the key `q`. */
  readonly quit: () => void;
}

/** A terminal's other screen and its keys, given back while the process is suspended. */
export class TerminalSession {
  readonly #screen: TerminalScreen;
  readonly #keys: TerminalKeys | undefined;
  readonly #redraw: () => void;
  #isOpen = false;
  readonly #suspend = (): void => {
    this.#give();
    // The default action of SIGTSTP, which this listener has taken the place of.
    process.kill(process.pid, 'SIGSTOP');
  };
  readonly #resume = (): void => {
    this.#take();
    this.#redraw();
  };

  constructor({ screen, input, redraw, quit }: TerminalSessionOptions) {
    this.#redraw = redraw;
    this.#screen = new TerminalScreen(screen);
    const onSignal = (signal: NodeJS.Signals): void => {
      if (signal === 'SIGTSTP') this.#give();
      // To the whole group, as the terminal does: npx or a script may stand above this process.
      process.kill(0, signal);
    };
    this.#keys = input.isTTY === true ? new TerminalKeys(input, { onQuit: quit, onSignal }) : undefined;
  }

  open(): void {
    process.on('SIGWINCH', this.#redraw);
    process.on('SIGTSTP', this.#suspend);
    process.on('SIGCONT', this.#resume);
    this.#take();
  }

  /** Draws these lines and nothing else. */
  draw(lines: readonly ViewLine[]): void {
    this.#screen.draw(lines);
  }

  close(): void {
    process.off('SIGWINCH', this.#redraw);
    process.off('SIGTSTP', this.#suspend);
    process.off('SIGCONT', this.#resume);
    this.#give();
  }

  #take(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#keys?.open();
    this.#screen.open();
  }

  #give(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#screen.close();
    this.#keys?.close();
  }
}
