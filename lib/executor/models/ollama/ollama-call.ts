import type { Ollama } from 'ollama';
import type { BodyLimits } from 'tinyllm/recording';
import { HttpCall } from '../http/http-call.js';
import { listLimits } from '../http/response-limits.js';
import type { ServerAddress } from '../http/server-address.js';
import { checkedLines } from './checked-lines.js';
import { ollamaFacts } from './ollama-facts.js';

/** What one call is about. */
export interface OllamaCallOptions {
  readonly model?: string;
  /** How much of the response is read; default as of a list of models. */
  readonly limits?: BodyLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is done about a redirection; default `follow`. */
  readonly redirect?: 'error' | 'follow' | undefined;
  /** Headers to send beside those of the address. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether the answer comes in lines, the last of which says so; default not. */
  readonly lines?: boolean;
}

/**
 * One call to an Ollama server, with an instance of the official client of its own: that client's `abort()` ends all
 * streams of its instance, and a signal may end the call it was given to only.
 */
export class OllamaCall extends HttpCall {
  readonly #address: ServerAddress;
  readonly #headers: OllamaCallOptions['headers'];

  constructor(
    address: ServerAddress,
    { model, limits = listLimits, signal, redirect, headers, lines = false }: OllamaCallOptions = {},
  ) {
    const facts = ollamaFacts(address.url, model);
    const checked = ({ body, headers }: Response): Response =>
      new Response(body?.pipeThrough(checkedLines(facts)) ?? null, { headers });
    super({ facts, limits, signal, redirect, pass: lines ? checked : undefined });
    this.#address = address;
    this.#headers = headers;
  }

  /** The official client, loaded at the first call. */
  async client(): Promise<Ollama> {
    const { Ollama } = await import('ollama');
    const { url, headers } = this.#address;
    return new Ollama({ host: url, headers: { ...headers, ...this.#headers }, fetch: this.fetch });
  }
}
