import type { ChatResponse, Message, ModelResponse, Ollama } from 'ollama';
import { type OllamaAddress, ollamaAddress } from './ollama-address.js';
import { OllamaCall, type OllamaCallOptions } from './ollama-call.js';
import { brokenAnswer } from './ollama-errors.js';

/** A model a server has on its disk. */
export interface PulledModel {
  readonly name: string;
  /** Whether it answers in words, as far as its name and family tell; embedding models do not. */
  readonly chats: boolean;
}

/** A model a server holds in memory. */
export interface ResidentModel {
  readonly model: string;
  /** All the memory it takes, in bytes. */
  readonly memoryBytes: number;
  /** The part of it on the graphics card, in bytes. */
  readonly vramBytes: number;
}

/** An Ollama server; its methods throw a `ModelError`, or the reason of their signal. */
export class OllamaServer {
  readonly #address: OllamaAddress;

  /** @param host In any form `OLLAMA_HOST` may have; default http://127.0.0.1:11434. */
  constructor(host?: string) {
    this.#address = ollamaAddress(host);
  }

  get url(): string {
    return this.#address.url;
  }

  /** The version the server states. */
  async version(signal?: AbortSignal): Promise<string> {
    const { version } = await this.#ask((ollama) => ollama.version(), signal);
    if (typeof version !== 'string') throw brokenAnswer({ url: this.url }, 'does not state its version');
    return version;
  }

  /** The models on its disk, the one changed last first. */
  async pulledModels(signal?: AbortSignal): Promise<readonly PulledModel[]> {
    const { models } = await this.#ask((ollama) => ollama.list(), signal);
    return this.#listed(models).map(({ name = '', details }) => ({
      name,
      chats: !/embed|minilm/i.test(name) && !/bert/i.test(details?.family ?? ''),
    }));
  }

  /** The models in its memory now, from `/api/ps`. */
  async residentModels(signal?: AbortSignal): Promise<readonly ResidentModel[]> {
    const { models } = await this.#ask((ollama) => ollama.ps(), signal);
    return this.#listed(models).map(({ name, size, size_vram }) => ({
      model: String(name ?? ''),
      memoryBytes: bytes(size),
      vramBytes: bytes(size_vram),
    }));
  }

  /** The parts of an answer as they come; to leave the loop early ends the request. */
  async *chat(model: string, messages: Message[], signal?: AbortSignal): AsyncGenerator<ChatResponse, void, undefined> {
    const call = new OllamaCall(this.#address, { model, signal });
    try {
      const ollama = await call.client();
      yield* await ollama.chat({ model, messages, stream: true });
    } catch (error) {
      throw call.explain(error);
    } finally {
      call.end();
    }
  }

  #listed(models: unknown): readonly Partial<ModelResponse>[] {
    const listed: unknown[] | undefined = Array.isArray(models) ? models : undefined;
    if (!listed?.every((model) => typeof model === 'object' && model !== null)) {
      throw brokenAnswer({ url: this.url }, 'does not list its models');
    }
    return listed;
  }

  /** What a server says is not what the official client declares until it has been looked at. */
  async #ask<Answer extends object>(
    question: (ollama: Ollama) => Promise<Answer>,
    signal: OllamaCallOptions['signal'],
  ): Promise<{ readonly [Key in keyof Answer]?: unknown }> {
    const call = new OllamaCall(this.#address, { signal });
    try {
      return Object(await question(await call.client()));
    } catch (error) {
      throw call.explain(error);
    } finally {
      call.end();
    }
  }
}

function bytes(stated: unknown): number {
  return typeof stated === 'number' && Number.isFinite(stated) && stated >= 0 ? stated : 0;
}
