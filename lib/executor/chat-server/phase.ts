/** The lifecycle phase of a server, and the number of running requests. */
export class Phase {
  #phase: 'open' | 'draining' | 'closing' = 'open';
  #running = 0;
  readonly #idle = new Set<() => void>();

  /**
   * Whether the server is shutting down. It still accepts requests until it is closing, but reports that it is not
   * ready.
   */
  get isDraining(): boolean {
    return this.#phase !== 'open';
  }

  /** Whether the server rejects new requests. */
  get isClosing(): boolean {
    return this.#phase === 'closing';
  }

  drain(): void {
    this.#phase = 'draining';
  }

  close(): void {
    this.#phase = 'closing';
  }

  /** Counts a running request. Call the returned function exactly once, when the response has ended or was aborted. */
  begin(): () => void {
    this.#running++;
    return () => {
      this.#running--;
      if (this.#running > 0) return;
      for (const resolve of this.#idle) resolve();
      this.#idle.clear();
    };
  }

  /** Resolves when no request is running. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.add(resolve));
  }
}
