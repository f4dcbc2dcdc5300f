import type { BodyLimits, CallFacts } from 'tinyllm/recording';
import { asModelError, brokenAnswer, limitBody, unreachable } from 'tinyllm/recording';
import { responseLimitError } from './response-limits.js';
import { statusError } from './status-error.js';

/** Options of an {@link HttpCall}. */
export interface HttpCallOptions {
  readonly facts: CallFacts;
  /** The limits of the response body. */
  readonly limits: BodyLimits;
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
  /** How to handle redirects. Default: `follow`. */
  readonly redirect?: 'error' | 'follow' | undefined;
  /** Transforms a successful response for the client library. Default: the unchanged response. */
  readonly transform?: ((response: Response) => Response | Promise<Response>) | undefined;
}

/**
 * One call to a model server through a client library. It provides the library's `fetch` and converts its errors.
 *
 * The library receives only successful responses. It would print error responses to the console, and the errors that it
 * throws for such responses differ only in their messages.
 */
export class HttpCall {
  readonly #facts: CallFacts;
  readonly #limits: BodyLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #settings: RequestInit;
  readonly #transform: NonNullable<HttpCallOptions['transform']>;
  readonly #controller = new AbortController();
  readonly #cancel = (): void => this.#controller.abort(this.#signal?.reason);

  constructor({ facts, limits, signal, redirect, transform = (response) => response }: HttpCallOptions) {
    this.#facts = facts;
    this.#limits = limits;
    this.#signal = signal;
    this.#settings = redirect === undefined ? {} : { redirect };
    this.#transform = transform;
    if (signal?.aborted) this.#cancel();
    else signal?.addEventListener('abort', this.#cancel, { once: true });
  }

  /** The `fetch` for the library. It uses only the signal of this call. Throws a `ModelError`. */
  readonly fetch: typeof fetch = async (input, init) => {
    const { signal } = this.#controller;
    const response = await fetch(input, { ...init, ...this.#settings, signal }).catch((error: unknown) => {
      throw signal.aborted ? error : unreachable(this.#facts, error);
    });
    if (!response.ok) throw await statusError(this.#facts, response);
    if (response.headers.get('content-type')?.includes('html')) {
      throw brokenAnswer(this.#facts, `responded with a web page; ${this.#facts.whenOther}`);
    }
    return this.#transform(this.#limited(response));
  };

  /** Converts an error of this call: to the signal's reason if the call was aborted, or else to a `ModelError`. */
  explain(error: unknown): unknown {
    return this.#signal?.aborted ? this.#signal.reason : asModelError(this.#facts, error);
  }

  #limited({ body, status, statusText, headers }: Response): Response {
    const limited =
      body && limitBody(body, this.#limits, (limit) => responseLimitError(this.#facts, this.#limits, limit));
    return new Response(limited, { status, statusText, headers });
  }

  /** Stops listening to the signal, and closes the connection if the response is incomplete. */
  end(): void {
    this.#signal?.removeEventListener('abort', this.#cancel);
    this.#controller.abort();
  }
}
