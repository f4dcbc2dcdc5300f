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

/** What is to be turned into vectors, and by which model. */
export interface OllamaEmbedding {
  readonly model: string;
  readonly input: string[];
  readonly keep_alive?: string | number;
}

/** What Ollama said, before it has been looked at. */
export type Unchecked<Answer> = { readonly [Key in keyof Answer]?: unknown };

/** An Ollama server; its methods throw a `ModelError`, or the reason of their signal. */
export class OllamaServer {
  readonly #address: ServerAddress;
  readonly #answers: BodyLimits;

  /**
   * @param host In any form `OLLAMA_HOST` may have; default http://127.0.0.1:11434.
   * @param maxResponseBytes Of an answer or embeddings; default 64 MiB.
   */
  constructor(host?: string, maxResponseBytes = defaultResponseBytes) {
    this.#address = ollamaAddress(host);
    this.#answers = { bytes: maxResponseBytes };
  }

  get url(): string {
    return this.#address.url;
  }

  /** The version the server states. */
  async version(signal?: AbortSignal): Promise<string> {
    const { version } = await this.#ask((ollama) => ollama.version(), { signal });
    if (typeof version !== 'string') throw brokenAnswer(ollamaFacts(this.url), 'does not state its version');
    return version;
  }

  /** The models on its disk, the one changed last first. */
  async pulledModels(signal?: AbortSignal): Promise<readonly PulledModel[]> {
    const { models } = await this.#ask((ollama) => ollama.list(), { signal });
    return this.#listed(models).map(pulledModel);
  }

  /** The models in its memory now, from `/api/ps`. */
  async residentModels(
    options: Pick<OllamaCallOptions, 'signal' | 'redirect' | 'headers'> = {},
  ): Promise<readonly ResidentModel[]> {
    const { models } = await this.#ask((ollama) => ollama.ps(), options);
    return this.#listed(models).map(residentModel);
  }

  /** The parts of an answer as they come; to leave the loop early ends the request. */
  chat(request: Omit<ChatRequest, 'stream'>, signal?: AbortSignal): AsyncGenerator<ChatResponse, void, undefined> {
    const { model } = request;
    return this.#parts((ollama) => ollama.chat({ ...request, stream: true }), { model, signal, limits: this.#answers });
  }

  /** The vectors of some texts, as the server states them. */
  embed(request: OllamaEmbedding, signal?: AbortSignal): Promise<Unchecked<Awaited<ReturnType<Ollama['embed']>>>> {
    return this.#ask((ollama) => ollama.embed(request), { model: request.model, signal, limits: this.#answers });
  }

  /** Gets a model onto the server's disk, and tells how far it is; to leave the loop early ends the request. */
  async *pull(model: string, signal?: AbortSignal): AsyncGenerator<PullProgress, void, undefined> {
    const parts = this.#parts((ollama) => ollama.pull({ model, stream: true }), { model, signal, limits: pullLimits });
    try {
      for await (const part of parts) yield pullProgress(part);
    } catch (error) {
      throw pullError({ ...ollamaFacts(this.url), model }, error);
    }
  }

  #listed(models: unknown): readonly Readonly<Record<string, unknown>>[] {
    const listed: unknown[] | undefined = Array.isArray(models) ? models : undefined;
    if (!listed?.every((model) => typeof model === 'object' && model !== null)) {
      throw brokenAnswer(ollamaFacts(this.url), 'does not list its models');
    }
    return listed as Readonly<Record<string, unknown>>[];
  }

  /** What a server says is not what the official client declares until it has been looked at. */
  async #ask<Answer extends object>(
    question: (ollama: Ollama) => Promise<Answer>,
    options: OllamaCallOptions,
  ): Promise<Unchecked<Answer>> {
    const call = new OllamaCall(this.#address, options);
    try {
      return Object(await question(await call.client()));
    } catch (error) {
      throw call.explain(error);
    } finally {
      call.end();
    }
  }

  async *#parts<Part>(
    question: (ollama: Ollama) => Promise<AsyncIterable<Part>>,
    options: OllamaCallOptions,
  ): AsyncGenerator<Part, void, undefined> {
    const call = new OllamaCall(this.#address, { ...options, lines: true });
    try {
      yield* await question(await call.client());
    } catch (error) {
      throw call.explain(error);
    } finally {
      call.end();
    }
  }
}

/** What the server says of a model that its library does not have, where a status would say it for other calls. */
const noManifest = /pull model manifest: (.*)/;
const isMissing = /does not exist|not found/;

/** What a failed pull is to throw: a model that the library lacks is one that was not found. */
export function pullError(call: CallFacts & { readonly model: string }, error: unknown): unknown {
  if (!(error instanceof ModelError)) return error;
  const [, reason = ''] = noManifest.exec(error.message) ?? [];
  if (!isMissing.test(reason)) return error;
  return new ModelNotFoundError(
    `The library that Ollama pulls from has no model ${call.model}; https://ollama.com/library shows those it has.`,
    errorFacts(call, { cause: error, ...(error.status === undefined ? {} : { status: error.status }) }),
  );
}
