import type { EmbedRequest, EmbedResponse, ModelChunk, ModelRequest } from './model-client.js';
import { chatPart } from './ollama/chat-part.js';
import { readEmbedding } from './ollama/embedding.js';
import { ollamaKeepAlive, ollamaRequest } from './ollama/ollama-request.js';
import { OllamaServer } from './ollama/ollama-server.js';
import { EmbeddingClient } from './streaming-client.js';

/** The default model of the provider `ollama`. */
export const defaultOllamaModel = 'qwen2.5:0.5b';

/** Options of {@link OllamaClient}. */
export interface OllamaClientOptions {
  /** Default: `qwen2.5:0.5b`. */
  readonly model?: string;
  /** The address of the server, in any format of `OLLAMA_HOST`. Default: http://127.0.0.1:11434. */
  readonly host?: string;
  /**
   * How long the model stays in memory after a call: a duration such as `5m`, or seconds. Default: the server's own.
   */
  readonly keepAlive?: string | number;
  /** The maximum size of one response, in bytes. Default: 64 MiB. */
  readonly maxResponseBytes?: number;
}

/**
 * Answers with a model of an Ollama server.
 *
 * Calls throw:
 *
 * - `ModelUnavailableError` if the server does not respond
 * - `ModelNotFoundError` if the server does not have the model
 * - `ModelProtocolError` if the response is invalid or incomplete
 * - other subclasses of `ModelError` if the server rejects the request
 * - the signal's reason on abort
 */
export class OllamaClient extends EmbeddingClient {
  readonly provider = 'ollama';
  readonly model: string;
  readonly #server: OllamaServer;
  readonly #keepAlive: string | number | undefined;

  /** @throws {ModelUnavailableError} if `host` is not an address. */
  constructor({ model = defaultOllamaModel, host, keepAlive, maxResponseBytes }: OllamaClientOptions = {}) {
    super();
    this.model = model;
    this.#keepAlive = keepAlive;
    this.#server = new OllamaServer(host, maxResponseBytes);
  }

  /** The URL of the server, without a password. */
  get url(): string {
    return this.#server.url;
  }

  protected override async vectors({ texts, signal }: EmbedRequest): Promise<Omit<EmbedResponse, 'model'>> {
    const { model } = this;
    const request = { model, input: [...texts], ...ollamaKeepAlive(this.#keepAlive) };
    return readEmbedding(await this.#server.embed(request, signal), { url: this.url, model, texts });
  }

  protected override async *chunks(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    const chatRequest = ollamaRequest(request, { model: this.model, keepAlive: this.#keepAlive });
    let callsTools = false;
    for await (const part of this.#server.chat(chatRequest, request.signal)) {
      const chunk = chatPart(part);
      callsTools ||= (part.message?.tool_calls?.length ?? 0) > 0;
      // Ollama reports `stop` for an answer that calls a tool.
      if (callsTools && chunk.finishReason === 'stop') yield { ...chunk, finishReason: 'tool_calls' };
      // Parts without text contain the model's reasoning, which is not part of the answer.
      else if (chunk.text !== '' || chunk.finishReason !== undefined) yield chunk;
    }
  }
}
