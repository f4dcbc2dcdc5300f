/** The part of a terminal's input that keys come from. */
export interface KeyInput {
  readonly isTTY?: boolean | undefined;
  setRawMode(isRaw: boolean): unknown;
  on(event: 'data', listener: (typed: Buffer) => void): unknown;
  off(event: 'data', listener: (typed: Buffer) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** What Ctrl-C, Ctrl-\ and Ctrl-Z send, which a terminal does not make signals of while keys are read one by one. */
const signalKeys: Readonly<Record<string, NodeJS.Signals>> = {
  '\u0003': 'SIGINT',
  '\u001C': 'SIGQUIT',
  '\u001A': 'SIGTSTP',
};

/** Who is told of keys. */
export interface KeyListener {
  onQuit(): void;
  /** Told of what the terminal would have sent to the whole group of processes. */
  onSignal(signal: NodeJS.Signals): void;
}

/** Reads keys as they are typed, without showing them. */
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

  /** Gives the terminal its own ways back; what is typed from then on is for others. */
  close(): void {
    this.#input.off('data', this.#read);
    this.#input.pause();
    this.#input.setRawMode(false);
  }
}
