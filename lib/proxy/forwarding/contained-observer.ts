import type { AnswerHead, ExchangeEnd, ExchangeHead, ExchangeObserver, ObserveExchange } from './exchange-observer.js';

/**
 * Wraps an observer so that its errors cannot affect the exchange. After an error, the observer only receives `ended`.
 */
export class ContainedObserver implements ExchangeObserver {
  readonly #inner: ExchangeObserver;
  readonly #onFailure: () => void;
  #failed = false;

  /** Starts the observation. Returns `undefined` if the exchange is not observed. */
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

  /** Also called after an error, so that the observer can end a request that it counts as in flight. */
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
