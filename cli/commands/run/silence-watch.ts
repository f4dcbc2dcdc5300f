/** The maximum time without output, and the callback. */
export interface SilenceWatchOptions {
  readonly seconds: number;
  /** Called at most once. */
  readonly onSilence: () => void;
}

/** Calls back once if there is no output for some time. */
export class SilenceWatch {
  readonly #timer: NodeJS.Timeout;
  #over = false;

  constructor({ seconds, onSilence }: SilenceWatchOptions) {
    this.#timer = setTimeout(() => {
      this.#over = true;
      onSilence();
    }, seconds * 1000);
  }

  /** Restarts the timer after output. */
  reset(): void {
    if (!this.#over) this.#timer.refresh();
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }
}
