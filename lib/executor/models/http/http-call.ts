import type { BodyLimits, CallFacts } from 'tinyllm/recording';
import { asModelError, brokenAnswer, limitBody, unreachable } from 'tinyllm/recording';
import { refused } from './refused.js';
import { responseLimitError } from './response-limits.js';

/** What a call is about, and what is done with its answers. */
export interface HttpCallOptions {
  readonly facts: CallFacts;
  /** How much of a response is read. */
  readonly limits: BodyLimits;
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
  /** What is done about a redirection; default `follow`. */
  readonly redirect?: 'error' | 'follow' | undefined;
  /** Hands a good answer on as a client library is to see it; default as it came. */
  readonly pass?: ((response: Response) => Response | Promise<Response>) | undefined;
}

/**
 * One call to a model's server through a client library: the `fetch` to give it, and how to explain what it throws.
 *
 * The library gets to see good answers only. Libraries print what they do not expect, and tell errors apart by their
 * wording.
 */
export class HttpCall {
  readonly #facts: CallFacts;
  readonly #limits: BodyLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #settings: RequestInit;
  readonly #pass: NonNullable<HttpCallOptions['pass']>;
  readonly #controller = new AbortController();
  readonly #cancel = (): void => this.#controller.abort(this.#signal?.reason);

  constructor({ facts, limits, signal, redirect, pass = (response) => response }: HttpCallOptions) {
    this.#facts = facts;
    this.#limits = limits;
    this.#signal = signal;
    this.#settings = redirect === undefined ? {} : { redirect };
    this.#pass = pass;
    if (signal?.aborted) this.#cancel();
    else signal?.addEventListener('abort', this.#cancel, { once: true });
  }

  /** Fetches until the call's own signal ends that; any other is left aside. Throws a `ModelError`. */
  readonly fetch: typeof fetch = async (input, init) => {
    const { signal } = this.#controller;
    const response = await fetch(input, { ...init, ...this.#settings, signal }).catch((error: unknown) => {
      throw signal.aborted ? error : unreachable(this.#facts, error);
    });
    if (!response.ok) throw await refused(this.#facts, response);
    if (response.headers.get('content-type')?.includes('html')) {
      throw brokenAnswer(this.#facts, `answered with a web page; ${this.#facts.whenOther}`);
    }
    return this.#pass(this.#limited(response));
  };

  /** What to throw for an error of this call: the signal's reason when it was cancelled, else a `ModelError`. */
  explain(error: unknown): unknown {
    return this.#signal?.aborted ? this.#signal.reason : asModelError(this.#facts, error);
  }

  #limited({ body, status, statusText, headers }: Response): Response {
    const limited =
      body && limitBody(body, this.#limits, (limit) => responseLimitError(this.#facts, this.#limits, limit));
    return new Response(limited, { status, statusText, headers });
  }

  /** Lets go of the signal, and of the connection if an answer is still on its way. */
  end(): void {
    this.#signal?.removeEventListener('abort', this.#cancel);
    this.#controller.abort();
  }
}
