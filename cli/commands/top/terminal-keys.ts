/** The part of a terminal's input that is used to read keys. */
export interface KeyInput {
  readonly isTTY?: boolean | undefined;
  setRawMode(isRaw: boolean): unknown;
  on(event: 'data', listener: (typed: Buffer) => void): unknown;
  off(event: 'data', listener: (typed: Buffer) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** Ctrl-C, Ctrl-\ and Ctrl-Z. In raw mode, the terminal doesn't send signals for them. */
const signalKeys: Readonly<Record<string, NodeJS.Signals>> = {
  '\u0003': 'SIGINT',
  '\u001C': 'SIGQUIT',
  '\u001A': 'SIGTSTP',
};

/** The callbacks for keys. */
export interface KeyListener {
  /** Called for the key `q`. */
  onQuit(): void;
  /** Called with the signal that the terminal would have sent to its process group. */
  onSignal(signal: NodeJS.Signals): void;
}

/** Reads keys as they are typed, without echo. */
export class TerminalKeys {
  readonly #input: KeyInput;
  readonly #listener: KeyListener;
  readonly #read = (typed: Buffer): void => {
    for (const key of typed.toString('latin1')) {
      const signal = signalKeys[key];
      if (signal !== undefined) this.#listener.onSignal(signal);
      else if (key === 'q' || key === 'Q') this.#listener.onQuit();
    }
  };

  constructor(input: KeyInput, listener: KeyListener) {
    this.#input = input;
    this.#listener = listener;
  }

  open(): void {
    this.#input.setRawMode(true);
    this.#input.on('data', this.#read);
    this.#input.resume();
  }

  /** Restores the mode of the terminal, and stops reading keys. */
  close(): void {
    this.#input.off('data', this.#read);
    this.#input.pause();
    this.#input.setRawMode(false);
  }
}
