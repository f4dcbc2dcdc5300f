/** Where in its life a server is, and how many answers it has under way. */
export class Phase {
  #phase: 'open' | 'draining' | 'closing' = 'open';
  #answers = 0;
  readonly #idle = new Set<() => void>();

  /** Whether it is about to end, and tells whoever sends it requests to send them elsewhere. */
  get isDraining(): boolean {
    return this.#phase !== 'open';
  }

  /** Whether it takes no more requests. */
  get isClosing(): boolean {
    return this.#phase === 'closing';
  }

  drain(): void {
    this.#phase = 'draining';
  }

  close(): void {
    this.#phase = 'closing';
  }

  /** An answer begins; what is returned is to be called once, when its last byte is sent, or it is given up. */
  begin(): () => void {
    this.#answers++;
    return () => {
      this.#answers--;
      if (this.#answers > 0) return;
      for (const tell of this.#idle) tell();
      this.#idle.clear();
    };
  }

  /** Resolves when no answer is under way. */
  idle(): Promise<void> {
    if (this.#answers === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.add(resolve));
  }
}
