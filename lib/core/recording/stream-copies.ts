import type { StreamListener } from './stream-call.js';

/** Follows the copies of one stream. Each chunk counts once, when the first of the copies reaches it. */
export class StreamCopies {
  readonly #listener: StreamListener;
  #reported = 0;
  #openCopies = 0;

  constructor(listener: StreamListener) {
    this.#listener = listener;
  }

  /** Returns the listener of one copy. The consumer has left the stream when the consumers of all copies have left. */
  follow(): StreamListener {
    let position = 0;
    let isOpen = true;
    this.#openCopies++;
    return {
      chunk: (value) => {
        position++;
        if (position <= this.#reported) return;
        this.#reported = position;
        this.#listener.chunk(value);
      },
      end: (value) => this.#listener.end(value),
      leave: () => {
        if (!isOpen) return;
        isOpen = false;
        this.#openCopies--;
        if (this.#openCopies === 0) this.#listener.leave();
      },
      fail: (error) => this.#listener.fail(error),
    };
  }
}
