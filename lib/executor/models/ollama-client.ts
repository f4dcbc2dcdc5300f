import type { EmbedRequest, EmbedResponse, ModelChunk, ModelRequest } from './model-client.js';
import { chatPart } from './ollama/chat-part.js';
import { readEmbedding } from './ollama/embedding.js';
import { ollamaKeepAlive, ollamaRequest } from './ollama/ollama-request.js';
import { OllamaServer } from './ollama/ollama-server.js';
import { EmbeddingClient } from './streaming-client.js';

/** The model asked when none is named. */
export const defaultOllamaModel = 'qwen2.5:0.5b';

/** Options of {@link OllamaClient}. */
export interface OllamaClientOptions {
  /** Default `qwen2.5:0.5b`. */
  readonly model?: string;
  /** In any form `OLLAMA_HOST` may have; default http://127.0.0.1:11434. */
  readonly host?: string;
  /** How long the model stays in memory after a call: a duration such as `5m`, or seconds; default the server's own. */
  readonly keepAlive?: string | number;
  /** The most bytes that are read of one answer or of embeddings; default 64 MiB. */
  readonly maxResponseBytes?: number;
}

/**
 * Answers with a model of an Ollama server.
 *
 * Its calls throw `ModelUnavailableError` when the server does not answer, `ModelNotFoundError` when it lacks the model,
 * `ModelProtocolError` when it answers something else or breaks off, other subclasses of `ModelError` when it refuses, and
 * the reason of the signal when that ends them.
 */
export class OllamaClient extends EmbeddingClient {
  readonly provider = 'ollama';
  readonly model: string;
  readonly #server: OllamaServer;
  readonly #keepAlive: string | number | undefined;

  /** @throws {ModelUnavailableError} when `host` is no address. */
  constructor({ model = defaultOllamaModel, host, keepAlive, maxResponseBytes }: OllamaClientOptions = {}) {
    super();
    this.model = model;
    this.#keepAlive = keepAlive;
    this.#server = new OllamaServer(host, maxResponseBytes);
  }

  /** Where the server is, without a password. */
  get url(): string {
    return this.#server.url;
  }

  protected override async vectors({ texts, signal }: EmbedRequest): Promise<Omit<EmbedResponse, 'model'>> {
    const { model } = this;
    const request = { model, input: [...texts], ...ollamaKeepAlive(this.#keepAlive) };
    return readEmbedding(await this.#server.embed(request, signal), { url: this.url, model, texts });
  }

  protected override async *chunks(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    const asked = ollamaRequest(request, { model: this.model, keepAlive: this.#keepAlive });
    let callsTools = false;
    for await (const part of this.#server.chat(asked, request.signal)) {
      const chunk = chatPart(part);
      callsTools ||= (part.message?.tool_calls?.length ?? 0) > 0;
      // Ollama ends an answer that calls a tool with `stop`.
      if (callsTools && chunk.finishReason === 'stop') yield { ...chunk, finishReason: 'tool_calls' };
      // Parts without text are a model's thinking, which is no answer yet.
      else if (chunk.text !== '' || chunk.finishReason !== undefined) yield chunk;
    }
  }
}
