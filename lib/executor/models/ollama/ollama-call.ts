import type { Ollama } from 'ollama';
import type { BodyLimits } from 'tinyllm/recording';
import { HttpCall } from '../http/http-call.js';
import { listLimits } from '../http/response-limits.js';
import type { ServerAddress } from '../http/server-address.js';
import { checkedLines } from './checked-lines.js';
import { ollamaFacts } from './ollama-facts.js';

/** Options of an {@link OllamaCall}. */
export interface OllamaCallOptions {
  readonly model?: string;
  /** The limits of the response body. Default: the limits of a list of models. */
  readonly limits?: BodyLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How to handle redirects. Default: `follow`. */
  readonly redirect?: 'error' | 'follow' | undefined;
  /** Headers to send in addition to those of the address. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether the response is a stream of JSON lines with a final `done` or `success`. Default: false. */
  readonly lines?: boolean;
}

/**
 * One call to an Ollama server. Each call has its own instance of the official client, because the client's `abort()`
 * ends all streams of an instance.
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
    super({ facts, limits, signal, redirect, transform: lines ? checked : undefined });
    this.#address = address;
    this.#headers = headers;
  }

  /** Creates the official client. The library is loaded at the first call. */
  async client(): Promise<Ollama> {
    const { Ollama } = await import('ollama');
    const { url, headers } = this.#address;
    return new Ollama({ host: url, headers: { ...headers, ...this.#headers }, fetch: this.fetch });
  }
}
