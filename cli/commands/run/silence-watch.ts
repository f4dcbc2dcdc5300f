/** How long silence may last, and what to do when it has. */
export interface SilenceWatchOptions {
  readonly seconds: number;
  /** Called once at most. */
  readonly onSilence: () => void;
}

/** Waits for signs of life, and speaks up once if none has come for too long. */
export class SilenceWatch {
  readonly #timer: NodeJS.Timeout;
  #over = false;

  constructor({ seconds, onSilence }: SilenceWatchOptions) {
    this.#timer = setTimeout(() => {
      this.#over = true;
      onSilence();
    }, seconds * 1000);
  }

  /** Takes a sign of life: the wait begins anew. */
  heard(): void {
    if (!this.#over) this.#timer.refresh();
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }
}
