import type { ChatRequest, ChatResponse, Ollama } from 'ollama';
import type { BodyLimits, CallFacts } from 'tinyllm/recording';
import { brokenAnswer, errorFacts, ModelError, ModelNotFoundError } from 'tinyllm/recording';
import { defaultResponseBytes, pullLimits } from '../http/response-limits.js';
import type { ServerAddress } from '../http/server-address.js';
import { ollamaAddress } from './ollama-address.js';
import { OllamaCall, type OllamaCallOptions } from './ollama-call.js';
import { ollamaFacts } from './ollama-facts.js';
import { type PulledModel, pulledModel, type ResidentModel, residentModel } from './ollama-models.js';
import { type PullProgress, pullProgress } from './pull-progress.js';

/** A request for embeddings, in Ollama's format. */
export interface OllamaEmbedding {
  readonly model: string;
  readonly input: string[];
  readonly keep_alive?: string | number;
}

/** A response of Ollama that has not been validated. */
export type Unchecked<Answer> = { readonly [Key in keyof Answer]?: unknown };

/** An Ollama server. Its methods throw a `ModelError`, or the signal's reason on abort. */
export class OllamaServer {
  readonly #address: ServerAddress;
  readonly #answerLimits: BodyLimits;

  /**
   * @param host The address, in any format of `OLLAMA_HOST`. Default: http://127.0.0.1:11434.
   * @param maxResponseBytes The maximum size of an answer or of embeddings, in bytes. Default: 64 MiB.
   */
  constructor(host?: string, maxResponseBytes = defaultResponseBytes) {
    this.#address = ollamaAddress(host);
    this.#answerLimits = { bytes: maxResponseBytes };
  }

  get url(): string {
    return this.#address.url;
  }

  /** Returns the version of the server. */
  async version(signal?: AbortSignal): Promise<string> {
    const { version } = await this.#request((ollama) => ollama.version(), { signal });
    if (typeof version !== 'string') throw brokenAnswer(ollamaFacts(this.url), 'did not state its version');
    return version;
  }

  /** Returns the models on its disk, most recently modified first. */
  async pulledModels(signal?: AbortSignal): Promise<readonly PulledModel[]> {
    const { models } = await this.#request((ollama) => ollama.list(), { signal });
    return this.#listed(models).map(pulledModel);
  }

  /** Returns the models in its memory, from `/api/ps`. */
  async residentModels(
    options: Pick<OllamaCallOptions, 'signal' | 'redirect' | 'headers'> = {},
  ): Promise<readonly ResidentModel[]> {
    const { models } = await this.#request((ollama) => ollama.ps(), options);
    return this.#listed(models).map(residentModel);
  }

  /** Yields the parts of an answer. Leaving the loop early aborts the request. */
  chat(request: Omit<ChatRequest, 'stream'>, signal?: AbortSignal): AsyncGenerator<ChatResponse, void, undefined> {
    const { model } = request;
    return this.#stream((ollama) => ollama.chat({ ...request, stream: true }), {
      model,
      signal,
      limits: this.#answerLimits,
    });
  }

  /** Requests embeddings. The response is not validated. */
  embed(request: OllamaEmbedding, signal?: AbortSignal): Promise<Unchecked<Awaited<ReturnType<Ollama['embed']>>>> {
    return this.#request((ollama) => ollama.embed(request), {
      model: request.model,
      signal,
      limits: this.#answerLimits,
    });
  }

  /** Downloads a model to the server's disk, and yields the progress. Leaving the loop early aborts the request. */
  async *pull(model: string, signal?: AbortSignal): AsyncGenerator<PullProgress, void, undefined> {
    const parts = this.#stream((ollama) => ollama.pull({ model, stream: true }), { model, signal, limits: pullLimits });
    try {
      for await (const part of parts) yield pullProgress(part);
    } catch (error) {
      throw pullError({ ...ollamaFacts(this.url), model }, error);
    }
  }

  #listed(models: unknown): readonly Readonly<Record<string, unknown>>[] {
    const listed: unknown[] | undefined = Array.isArray(models) ? models : undefined;
    if (!listed?.every((model) => typeof model === 'object' && model !== null)) {
      throw brokenAnswer(ollamaFacts(this.url), 'did not list its models');
    }
    return listed as Readonly<Record<string, unknown>>[];
  }

  /** Marks the response as unchecked: the client declares its type, but does not validate it. */
  async #request<Answer extends object>(
    send: (ollama: Ollama) => Promise<Answer>,
    options: OllamaCallOptions,
  ): Promise<Unchecked<Answer>> {
    const call = new OllamaCall(this.#address, options);
    try {
      return Object(await send(await call.client()));
    } catch (error) {
      throw call.explain(error);
    } finally {
      call.end();
    }
  }

  async *#stream<Part>(
    send: (ollama: Ollama) => Promise<AsyncIterable<Part>>,
    options: OllamaCallOptions,
  ): AsyncGenerator<Part, void, undefined> {
    const call = new OllamaCall(this.#address, { ...options, lines: true });
    try {
      yield* await send(await call.client());
    } catch (error) {
      throw call.explain(error);
    } finally {
      call.end();
    }
  }
}

/**
 * Ollama's message for a pull that cannot read the manifest of a model. It is in the stream of the response. Other calls
 * get an error status for a missing model.
 */
const noManifest = /pull model manifest: (.*)/;
/** The reason in this message if ollama.com does not have the model. */
const isMissing = /does not exist|not found/;

/**
 * Converts the error of a failed pull. If ollama.com does not have the model, the error becomes a `ModelNotFoundError`.
 */
export function pullError(call: CallFacts & { readonly model: string }, error: unknown): unknown {
  if (!(error instanceof ModelError)) return error;
  const [, reason = ''] = noManifest.exec(error.message) ?? [];
  if (!isMissing.test(reason)) return error;
  return new ModelNotFoundError(
    `The Ollama library has no model ${call.model}; https://ollama.com/library lists its models.`,
    errorFacts(call, { cause: error, ...(error.status === undefined ? {} : { status: error.status }) }),
  );
}
