import type { StreamListener } from './stream-call.js';

/** Follows copies of one stream. Each chunk counts once, when the first of the copies comes to it. */
export class StreamCopies {
  readonly #listener: StreamListener;
  #heard = 0;
  #following = 0;

  constructor(listener: StreamListener) {
    this.#listener = listener;
  }

  /** The listener of one copy. The consumer has left the stream when the consumers of all copies have left. */
  follow(): StreamListener {
    let position = 0;
    let isFollowed = true;
    this.#following++;
    return {
      chunk: (value) => {
        position++;
        if (position <= this.#heard) return;
        this.#heard = position;
        this.#listener.chunk(value);
      },
      end: (value) => this.#listener.end(value),
      leave: () => {
        if (!isFollowed) return;
        isFollowed = false;
        this.#following--;
        if (this.#following === 0) this.#listener.leave();
      },
      fail: (error) => this.#listener.fail(error),
    };
  }
}
