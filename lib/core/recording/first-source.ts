import type { StreamListener } from './stream-call.js';

/**
 * Follows several streams of one response, for example its texts and its parts. Only the first stream with a chunk or
 * an end counts, so that no chunk counts twice.
 *
 * The consumer has left the response when it has left the stream that counts and reads no other one. Before the first
 * chunk, the consumer must have left all streams, because it may cancel those that it doesn't need.
 */
export class FirstSource {
  readonly #listener: StreamListener;
  /** The streams that the consumer has not left. */
  readonly #open = new Set<StreamListener>();
  /** The open streams that the consumer has begun to read. */
  readonly #begun = new Set<StreamListener>();
  #first: StreamListener | undefined;

  constructor(listener: StreamListener) {
    this.#listener = listener;
  }

  /** Whether one of the streams counts. */
  get hasBegun(): boolean {
    return this.#first !== undefined;
  }

  /** Whether there is a stream that the consumer has not left. */
  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  /** Returns the listener of one of the streams. */
  follow(): StreamListener {
    let isOpen = true;
    const pass = (report: (listener: StreamListener) => void): void => {
      this.#first ??= source;
      if (this.#first === source) report(this.#listener);
    };
    // A stream that was cancelled without a chunk can report its end too.
    const close = (report: () => void): void => {
      if (!isOpen && this.#first !== source) return;
      isOpen = false;
      this.#open.delete(source);
      this.#begun.delete(source);
      report();
    };
    const source: StreamListener = {
      chunk: (value) => {
        isOpen = true;
        this.#open.add(source);
        this.#begun.add(source);
        pass((listener) => listener.chunk(value));
      },
      end: (value) => close(() => pass((listener) => listener.end(value))),
      leave: () => close(() => this.#leave(source)),
      fail: (error) => close(() => pass((listener) => listener.fail(error))),
    };
    this.#open.add(source);
    return source;
  }

  /** Does not wait until the consumer leaves this stream. The events of the stream count as before. */
  forget(source: StreamListener): void {
    this.#open.delete(source);
  }

  #leave(source: StreamListener): void {
    if (this.#first === source && this.#begun.size > 0) this.#first = undefined;
    else if (this.#first === source || (this.#first === undefined && !this.isOpen)) this.#listener.leave();
  }
}
