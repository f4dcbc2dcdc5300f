import type { AnswerHead, ExchangeEnd, ExchangeHead, ExchangeObserver, ObserveExchange } from './exchange-observer.js';

/** An observer that cannot break what it looks at: when it fails, it is told of the end and of nothing else. */
export class ContainedObserver implements ExchangeObserver {
  readonly #inner: ExchangeObserver;
  readonly #onFailure: () => void;
  #failed = false;

  /** Begins to look on, unless the exchange is of no interest. */
  static begin(observe: ObserveExchange, head: ExchangeHead, onFailure: () => void): ContainedObserver | undefined {
    try {
      const inner = observe(head);
      return inner === undefined ? undefined : new ContainedObserver(inner, onFailure);
    } catch {
      onFailure();
      return undefined;
    }
  }

  private constructor(inner: ExchangeObserver, onFailure: () => void) {
    this.#inner = inner;
    this.#onFailure = onFailure;
  }

  requestData(chunk: Uint8Array): void {
    if (this.#failed) return;
    try {
      this.#inner.requestData(chunk);
    } catch {
      this.#fail();
    }
  }

  requestEnd(): void {
    if (this.#failed) return;
    try {
      this.#inner.requestEnd();
    } catch {
      this.#fail();
    }
  }

  answered(head: AnswerHead): void {
    if (this.#failed) return;
    try {
      this.#inner.answered(head);
    } catch {
      this.#fail();
    }
  }

  answerData(chunk: Uint8Array): void {
    if (this.#failed) return;
    try {
      this.#inner.answerData(chunk);
    } catch {
      this.#fail();
    }
  }

  /** Told also after a failure: what is in flight ends all the same. */
  ended(end: ExchangeEnd, error?: unknown): void {
    try {
      this.#inner.ended(end, error);
    } catch {
      this.#fail();
    }
  }

  #fail(): void {
    this.#failed = true;
    this.#onFailure();
  }
}
