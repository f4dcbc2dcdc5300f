import type { StreamListener } from './stream-call.js';

/**
 * Follows several streams of one response, for example its texts and its parts. Only the first stream with an event
 * counts, so that no chunk counts twice.
 */
export class FirstSource {
  readonly #listener: StreamListener;
  #first: StreamListener | undefined;

  constructor(listener: StreamListener) {
    this.#listener = listener;
  }

  /** Whether one of the streams has had an event. */
  get hasBegun(): boolean {
    return this.#first !== undefined;
  }

  /** Returns the listener of one of the streams. */
  follow(): StreamListener {
    const pass = (report: (listener: StreamListener) => void): void => {
      this.#first ??= source;
      if (this.#first === source) report(this.#listener);
    };
    const source: StreamListener = {
      chunk: (value) => pass((listener) => listener.chunk(value)),
      end: (value) => pass((listener) => listener.end(value)),
      leave: () => pass((listener) => listener.leave()),
      fail: (error) => pass((listener) => listener.fail(error)),
    };
    return source;
  }
}
