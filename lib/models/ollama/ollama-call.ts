import type { Ollama } from 'ollama';
import { checkedLines } from './checked-lines.js';
import type { OllamaAddress } from './ollama-address.js';
import { asModelError, brokenAnswer, type OllamaCallFacts, refused, unreachable } from './ollama-errors.js';

/** What one call is about. */
export interface OllamaCallOptions {
  readonly model?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One call to an Ollama server, with an instance of the official client of its own: that client's `abort()` ends all
 * streams of its instance, and a signal may end the call it was given to only.
 */
export class OllamaCall {
  readonly #address: OllamaAddress;
  readonly #facts: OllamaCallFacts;
  readonly #signal: AbortSignal | undefined;
  readonly #controller = new AbortController();
  readonly #cancel = (): void => this.#controller.abort(this.#signal?.reason);

  constructor(address: OllamaAddress, { model, signal }: OllamaCallOptions = {}) {
    this.#address = address;
    this.#facts = { url: address.url, ...(model === undefined ? {} : { model }) };
    this.#signal = signal;
    if (signal?.aborted) this.#cancel();
    else signal?.addEventListener('abort', this.#cancel, { once: true });
  }

  /** The official client, loaded at the first call. */
  async client(): Promise<Ollama> {
    const { Ollama } = await import('ollama');
    const { url, headers } = this.#address;
    return new Ollama({ host: url, headers, fetch: (input, init) => this.#fetch(input, init) });
  }

  /** What to throw for an error of this call: the signal's reason when it was cancelled, else a `ModelError`. */
  explain(error: unknown): unknown {
    return this.#signal?.aborted ? this.#signal.reason : asModelError(this.#facts, error);
  }

  /** Lets go of the signal, and of the connection if an answer is still on its way. */
  end(): void {
    this.#signal?.removeEventListener('abort', this.#cancel);
    this.#controller.abort();
  }

  /** The official client prints what it does not expect, so it gets to see good answers only. */
  async #fetch(input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
    const response = await fetch(input, { ...init, signal: this.#controller.signal }).catch((error: unknown) => {
      throw this.#controller.signal.aborted ? error : unreachable(this.#facts, error);
    });
    if (!response.ok) throw await refused(this.#facts, response);
    if (response.headers.get('content-type')?.includes('html')) {
      throw brokenAnswer(this.#facts, "answered with a web page; is that address Ollama's? See OLLAMA_HOST");
    }
    if (response.body === null || init?.method !== 'POST') return response;
    return new Response(response.body.pipeThrough(checkedLines(this.#facts)), response);
  }
}
