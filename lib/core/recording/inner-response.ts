import { setImmediate, setTimeout } from 'node:timers';
import { FirstSource } from './first-source.js';
import { watchGetter } from './getters.js';
import { promiseNames, readFacts, statesFacts } from './response-facts.js';
import type { ResponseListener, StreamListener } from './stream-call.js';
import { followPromise, watchPromise } from './watch-completion.js';
import { isStreamLike, watchPlainStream } from './watch-plain-stream.js';

/** Properties with a stream of the response. Several of them can exist, with different views of the same response. */
const streamNames = [
  ...['stream', 'fullStream', 'textStream', 'objectStream'],
  ...['partialObjectStream', 'partialOutputStream', 'elementStream'],
] as const;

/** The streams and promises of one result. */
export class InnerResponse {
  readonly #result: object;
  readonly #listener: ResponseListener;
  readonly #patience: number;
  readonly #sources: FirstSource;
  readonly #followed = new WeakSet<object>();
  /** The getters of streams that the application has not read. */
  readonly #unread = new Set<string>();
  #hasReadGetter = false;
  #hasEnded = false;
  /** The error of a promise. The call fails with it at the end of the stream, if the application reads a stream. */
  #rejection: { readonly error: unknown } | undefined;

  constructor(result: object, listener: ResponseListener, patience: number) {
    this.#result = result;
    this.#listener = listener;
    this.#patience = patience;
    this.#sources = new FirstSource({
      chunk: (value) => listener.chunk(value),
      end: (value) => this.#endStream(value),
      leave: () => this.#leave(),
      fail: (error) => this.#fail(error),
    });
  }

  /** Follows the streams in properties with a value. Returns whether there is one that has not ended. */
  watchStreams(): boolean {
    const streams = streamNames.map((name) => Object.getOwnPropertyDescriptor(this.#result, name)?.value as unknown);
    return streams.filter((stream) => this.#watchStream(stream)).length > 0;
  }

  /** Follows the streams and promises that getters return. Returns whether this is possible. */
  watchGetters(): boolean {
    if (!Object.isExtensible(this.#result)) return false;
    for (const name of streamNames) {
      const onRead = (value: unknown): void => {
        this.#unread.delete(name);
        if (this.#watchStream(value)) this.#hasReadGetter = true;
      };
      if (watchGetter(this.#result, name, onRead) !== undefined) this.#unread.add(name);
    }
    if (this.#unread.size === 0) return false;
    for (const name of promiseNames) {
      watchGetter(this.#result, name, (value) => followPromise(value, this.#promiseListener(name)));
    }
    return true;
  }

  /** Follows the promises in properties with a value. */
  watchPromises(): void {
    for (const name of promiseNames) {
      const descriptor = Object.getOwnPropertyDescriptor(this.#result, name);
      if (descriptor?.value instanceof Promise && descriptor.configurable) {
        watchPromise(this.#result, name, descriptor.value, this.#promiseListener(name));
      }
    }
  }

  #watchStream(stream: unknown): boolean {
    if (!isStreamLike(stream) || this.#followed.has(stream)) return false;
    const source = this.#sources.follow();
    let isFollowed = false;
    try {
      isFollowed = watchPlainStream(stream, source);
    } catch {
      // A frozen stream can't be followed. The result may contain others.
    }
    if (isFollowed) this.#followed.add(stream);
    else this.#sources.forget(source);
    return isFollowed;
  }

  /**
   * Returns the listener of a promise. If the application also reads a stream, the call ends with the stream, unless
   * the promise has the whole response.
   */
  #promiseListener(name: string): Pick<StreamListener, 'end' | 'fail'> {
    const isWhole = name === 'response' && !statesFacts(this.#result);
    const mayEnd = (): boolean =>
      !this.#hasEnded && this.#rejection === undefined && (isWhole || !this.#sources.hasBegun);
    return {
      end: (value) => {
        if (!mayEnd()) return;
        if (isWhole) this.#listener.end(value);
        else this.#end(value);
      },
      fail: (error) => {
        if (!mayEnd()) return;
        if (this.#sources.hasBegun) this.#fail(error);
        else this.#reject(error);
      },
    };
  }

  #endStream(value: unknown): void {
    if (this.#hasEnded) return;
    if (value !== undefined) this.#listener.returned(value);
    if (this.#rejection === undefined) this.#end(undefined);
    else this.#fail(this.#rejection.error);
  }

  /** Ends the call with what the result states about the response, such as its token counts. */
  #end(value: unknown): void {
    this.#hasEnded = true;
    readFacts(this.#result, {
      known: this.#listener,
      patience: this.#patience,
      onFacts: (facts) => this.#listener.end(facts ?? value),
    });
  }

  /** While the facts are awaited, a stream that has ended may also be closed or fail. */
  #fail(error: unknown): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#listener.fail(this.#rejection?.error ?? error);
  }

  #leave(): void {
    if (this.#rejection !== undefined) this.#fail(this.#rejection.error);
    else if (this.#sources.hasBegun || this.#unread.size === 0) this.#cancel();
    else {
      this.#afterPatience(() => {
        if (!this.#sources.isOpen) this.#cancel();
      });
    }
  }

  #cancel(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#listener.leave();
  }

  /** A promise was rejected. The call ends with the stream if the application then reads one. */
  #reject(error: unknown): void {
    this.#rejection = { error };
    const failUnread = (): void => {
      if (!this.#sources.hasBegun) this.#fail(error);
    };
    setImmediate(() => {
      if (this.#hasReadGetter) this.#afterPatience(failUnread);
      else failUnread();
    });
  }

  #afterPatience(work: () => void): void {
    setTimeout(work, this.#patience).unref();
  }
}
