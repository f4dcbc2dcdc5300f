import type { OpenAI } from 'openai';
import type { BodyLimits, CallFacts } from 'tinyllm/recording';
import { brokenAnswer, ModelRequestError, oneLine } from 'tinyllm/recording';
import { HttpCall, type HttpCallOptions } from '../http/http-call.js';
import { defaultResponseBytes, listLimits } from '../http/response-limits.js';
import type { ServerAddress } from '../http/server-address.js';
import { asEvents } from './as-events.js';
import { openaiAddress, openaiKey } from './openai-address.js';
import { openaiFacts } from './openai-facts.js';
import { Concessions, type OpenAIRequest } from './openai-request.js';

/** How a server is reached. */
export interface OpenAIServerOptions {
  /** Default https://api.openai.com/v1; a URL without a path gets `/v1`. */
  readonly baseUrl?: string | undefined;
  /** Left out, none is sent. */
  readonly apiKey?: string | undefined;
  /** The most bytes that are read of one answer or of embeddings; default 64 MiB. */
  readonly maxResponseBytes?: number | undefined;
}

/** What {@link OpenAIServer.chat} yields for `[DONE]`, after the last event. */
export const endOfChat = Symbol('end of chat');

/** As long as a timer can: how long to wait is not the library's to decide. */
const noTimeout = 2_147_483_647;

/** A server that speaks OpenAI's protocol; its methods throw a `ModelError`, or the reason of their signal. */
export class OpenAIServer {
  readonly #address: ServerAddress;
  readonly #key: string | undefined;
  readonly #answers: BodyLimits;
  readonly #concessions = new Concessions();

  /** Throws a `ModelUnavailableError` for a base URL that is none, a `ModelAccessError` for a key that is none. */
  constructor({ baseUrl, apiKey, maxResponseBytes = defaultResponseBytes }: OpenAIServerOptions = {}) {
    this.#answers = { bytes: maxResponseBytes };
    this.#address = openaiAddress(baseUrl);
    this.#key = openaiKey(apiKey);
  }

  get url(): string {
    return this.#address.url;
  }

  /** The names of its models. */
  async models(signal?: AbortSignal): Promise<readonly string[]> {
    const options = { facts: this.facts(), limits: listLimits, signal };
    const { data } = await this.#ask(async (openai) => openai.models.list(), options);
    const named = Array.isArray(data) ? data.map((model: unknown) => Object(model).id as unknown) : [undefined];
    if (named.every((id): id is string => typeof id === 'string')) return named;
    throw brokenAnswer(this.facts(), 'does not list its models');
  }

  /** The vectors of some texts, as the server states them. */
  embed(
    request: { readonly model: string; readonly input: string[] },
    signal?: AbortSignal,
  ): Promise<{ readonly data?: unknown; readonly usage?: unknown }> {
    const facts = this.facts(request.model);
    return this.#ask(async (openai) => openai.embeddings.create({ ...request, encoding_format: 'float' }), {
      facts,
      limits: this.#answers,
      signal,
    });
  }

  /**
   * The events of an answer as they come, and {@link endOfChat} if the server states the end; to leave the loop early ends
   * the request.
   *
   * A server that refuses a part of the request which others take is asked again without it, and from then on.
   */
  async *chat(request: OpenAIRequest, signal?: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    for (;;) {
      const asked = this.#concessions.apply(request);
      try {
        return yield* this.#events(asked, signal);
      } catch (error) {
        const isRefused = error instanceof ModelRequestError && this.#concessions.learn(error.message, asked);
        if (!isRefused) throw error;
      }
    }
  }

  /** Which call to this server an error belongs to. */
  facts(model?: string): CallFacts {
    return openaiFacts({ url: this.url, key: this.#key, model });
  }

  async *#events(request: OpenAIRequest, signal?: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    const facts = this.facts(request.model);
    let isDone = false;
    const onDone = (): void => {
      isDone = true;
    };
    const pass = (response: Response): Promise<Response> => asEvents(response, { facts, onDone });
    const call = new HttpCall({ facts, limits: this.#answers, signal, pass });
    try {
      const openai = await this.#client(call);
      yield* await openai.chat.completions.create(request);
      // The library takes an aborted stream for one that has ended.
      signal?.throwIfAborted();
      if (isDone) yield endOfChat;
    } catch (error) {
      throw call.explain(statedError(facts, error));
    } finally {
      call.end();
    }
  }

  /** What a server says is not what the library declares until it has been looked at. */
  async #ask<Answer extends object>(
    question: (openai: OpenAI) => Promise<Answer>,
    options: HttpCallOptions,
  ): Promise<{ readonly [Key in keyof Answer]?: unknown }> {
    const call = new HttpCall(options);
    try {
      return Object(await question(await this.#client(call)));
    } catch (error) {
      throw call.explain(error);
    } finally {
      call.end();
    }
  }

  /** The official client, loaded at the first call. It neither retries nor prints, and sends no key but ours. */
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

/** The library throws the error that a server states amid its answer; it is the server that broke off then. */
function statedError(facts: CallFacts, error: unknown): unknown {
  const { error: stated, status }: { readonly error?: unknown; readonly status?: unknown } = Object(error);
  if (stated === undefined || status !== undefined) return error;
  const { message }: { readonly message?: unknown } = Object(stated);
  const words = typeof message === 'string' ? message : JSON.stringify(stated);
  return brokenAnswer(facts, `broke off its answer: ${oneLine(words, facts.secret)}`, error);
}
