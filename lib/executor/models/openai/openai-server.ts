import type { OpenAI } from 'openai';
import type { BodyLimits, CallFacts } from 'tinyllm/recording';
import { brokenAnswer, ModelRequestError, oneLine } from 'tinyllm/recording';
import { HttpCall, type HttpCallOptions } from '../http/http-call.js';
import { defaultResponseBytes, listLimits } from '../http/response-limits.js';
import type { ServerAddress } from '../http/server-address.js';
import { asEvents } from './as-events.js';
import { openaiAddress, openaiKey } from './openai-address.js';
import { openaiFacts } from './openai-facts.js';
import { type OpenAIRequest, RequestAdaptations } from './openai-request.js';

/** Options of an {@link OpenAIServer}. */
export interface OpenAIServerOptions {
  /** A URL without a path gets `/v1`. Default: https://api.openai.com/v1. */
  readonly baseUrl?: string | undefined;
  /** Default: no key is sent. */
  readonly apiKey?: string | undefined;
  /** The maximum size of one answer or of embeddings, in bytes. Default: 64 MiB. */
  readonly maxResponseBytes?: number | undefined;
}

/** {@link OpenAIServer.chat} yields this symbol for `[DONE]`, after the last event. */
export const endOfChat = Symbol('end of chat');

/**
 * The maximum of a timer, in milliseconds. It disables the library's timeout, because the caller decides how long to
 * wait.
 */
const noTimeout = 2_147_483_647;

/** An OpenAI-compatible server. Its methods throw a `ModelError`, or the signal's reason on abort. */
export class OpenAIServer {
  readonly #address: ServerAddress;
  readonly #key: string | undefined;
  readonly #answerLimits: BodyLimits;
  readonly #adaptations = new RequestAdaptations();

  /**
   * @throws {ModelUnavailableError} if the base URL is invalid.
   * @throws {ModelAccessError} if the key contains invalid characters.
   */
  constructor({ baseUrl, apiKey, maxResponseBytes = defaultResponseBytes }: OpenAIServerOptions = {}) {
    this.#answerLimits = { bytes: maxResponseBytes };
    this.#address = openaiAddress(baseUrl);
    this.#key = openaiKey(apiKey);
  }

  get url(): string {
    return this.#address.url;
  }

  /** Returns the names of its models. */
  async models(signal?: AbortSignal): Promise<readonly string[]> {
    const options = { facts: this.facts(), limits: listLimits, signal };
    const { data } = await this.#request(async (openai) => openai.models.list(), options);
    const names = Array.isArray(data) ? data.map((model: unknown) => Object(model).id as unknown) : [undefined];
    if (names.every((id): id is string => typeof id === 'string')) return names;
    throw brokenAnswer(this.facts(), 'did not list its models');
  }

  /** Requests embeddings. The response is not validated. */
  embed(
    request: { readonly model: string; readonly input: string[] },
    signal?: AbortSignal,
  ): Promise<{ readonly data?: unknown; readonly usage?: unknown }> {
    const facts = this.facts(request.model);
    return this.#request(async (openai) => openai.embeddings.create({ ...request, encoding_format: 'float' }), {
      facts,
      limits: this.#answerLimits,
      signal,
    });
  }

  /**
   * Yields the events of an answer, and a final symbol if the server sends `[DONE]`. Leaving the loop early aborts
   * the request.
   *
   * If the server rejects an option that other servers accept, the request is sent again without the option or with its
   * replacement. Later requests to this server are adapted in the same way.
   */
  async *chat(request: OpenAIRequest, signal?: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    for (;;) {
      const adapted = this.#adaptations.apply(request);
      try {
        return yield* this.#events(adapted, signal);
      } catch (error) {
        const hasLearnt = error instanceof ModelRequestError && this.#adaptations.learn(error.message, adapted);
        if (!hasLearnt) throw error;
      }
    }
  }

  /** Returns the facts for errors of a call to this server. */
  facts(model?: string): CallFacts {
    return openaiFacts({ url: this.url, key: this.#key, model });
  }

  async *#events(request: OpenAIRequest, signal?: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    const facts = this.facts(request.model);
    let isDone = false;
    const onDone = (): void => {
      isDone = true;
    };
    const transform = (response: Response): Promise<Response> => asEvents(response, { facts, onDone });
    const call = new HttpCall({ facts, limits: this.#answerLimits, signal, transform });
    try {
      const openai = await this.#client(call);
      yield* await openai.chat.completions.create(request);
      // The library ends an aborted stream without an error.
      signal?.throwIfAborted();
      if (isDone) yield endOfChat;
    } catch (error) {
      throw call.explain(statedError(facts, error));
    } finally {
      call.end();
    }
  }

  /** Marks the fields of the response as unknown: the library declares their types, but does not validate them. */
  async #request<Answer extends object>(
    send: (openai: OpenAI) => Promise<Answer>,
    options: HttpCallOptions,
  ): Promise<{ readonly [Key in keyof Answer]?: unknown }> {
    const call = new HttpCall(options);
    try {
      return Object(await send(await this.#client(call)));
    } catch (error) {
      throw call.explain(error);
    } finally {
      call.end();
    }
  }

  /** Creates the official client. It neither retries nor prints, and ignores keys in environment variables. */
  async #client({ fetch }: HttpCall): Promise<OpenAI> {
    const { OpenAI } = await import('openai');
    const { url, headers } = this.#address;
    return new OpenAI({
      baseURL: url,
      apiKey: this.#key ?? 'none',
      adminAPIKey: null,
      defaultHeaders: { ...(this.#key === undefined ? { Authorization: null } : {}), ...headers },
      fetch,
      logLevel: 'off',
      maxRetries: 0,
      timeout: noTimeout,
    });
  }
}

/** Converts an error that the server sent within its stream. The library throws it without a status. */
function statedError(facts: CallFacts, error: unknown): unknown {
  const { error: stated, status }: { readonly error?: unknown; readonly status?: unknown } = Object(error);
  if (stated === undefined || status !== undefined) return error;
  const { message }: { readonly message?: unknown } = Object(stated);
  const text = typeof message === 'string' ? message : JSON.stringify(stated);
  return brokenAnswer(facts, `broke off its answer: ${oneLine(text, facts.secret)}`, error);
}
