import { brokenAnswer, isFields, openaiChat } from 'tinyllm/recording';
import { parseVectors } from './http/vectors.js';
import type { EmbedRequest, EmbedResponse, ModelChunk, ModelRequest } from './model-client.js';
import { type ChatEvent, chatEvent } from './openai/chat-event.js';
import { openaiRequest } from './openai/openai-request.js';
import { endOfChat, OpenAIServer, type OpenAIServerOptions } from './openai/openai-server.js';
import { EmbeddingClient } from './streaming-client.js';

/** Options of {@link OpenAIClient}. */
export interface OpenAIClientOptions extends OpenAIServerOptions {
  readonly model: string;
}

/**
 * Answers with a model of an OpenAI-compatible server, such as vLLM, llama.cpp's server, LM Studio or OpenAI itself.
 *
 * Calls throw a subclass of `ModelError`, or the signal's reason on abort. There are no retries, with one exception: if
 * the server rejects `stream_options`, `max_tokens` or `response_format`, the client sends a changed request.
 */
export class OpenAIClient extends EmbeddingClient {
  readonly provider = 'openai';
  readonly model: string;
  readonly #server: OpenAIServer;

  /**
   * @throws {ModelUnavailableError} if the base URL is invalid.
   * @throws {ModelAccessError} if the key contains invalid characters.
   */
  constructor({ model, ...server }: OpenAIClientOptions) {
    super();
    this.model = model;
    this.#server = new OpenAIServer(server);
  }

  /** The server's base URL, without a password. */
  get url(): string {
    return this.#server.url;
  }

  protected override async vectors({ texts, signal }: EmbedRequest): Promise<Omit<EmbedResponse, 'model'>> {
    const { model } = this;
    const answer = await this.#server.embed({ model, input: [...texts] }, signal);
    const entries = Array.isArray(answer.data) ? answer.data : [];
    const embeddings = entries.map((entry: unknown) => Object(entry).embedding as unknown);
    const vectors = parseVectors(embeddings, texts.length);
    if (vectors === undefined) throw brokenAnswer(this.#server.facts(model), 'did not send a vector for each text');
    const { inputTokens } = (isFields(answer) ? openaiChat.usage(answer) : undefined) ?? {};
    return { vectors, usage: inputTokens === undefined ? {} : { inputTokens }, timings: {} };
  }

  protected override async *chunks(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    let end: Omit<ChatEvent, 'text'> = {};
    let callsTools = false;
    for await (const event of this.#server.chat(openaiRequest(request, this.model), request.signal)) {
      if (event === endOfChat) {
        // Some servers send `[DONE]` but no finish reason.
        end = { finishReason: 'stop', ...end };
        continue;
      }
      const { text, ...facts } = chatEvent(event);
      end = { ...end, ...facts };
      callsTools ||= isFields(event) && openaiChat.callsTools(event);
      // Events without text contain the model's reasoning, or the finish reason and usage.
      if (text !== '') yield { text };
    }
    if (end.finishReason === undefined) {
      throw brokenAnswer(this.#server.facts(this.model), 'ended its answer before it was complete');
    }
    // Some servers report `stop` for an answer that calls a tool.
    if (callsTools && end.finishReason === 'stop') end = { ...end, finishReason: 'tool_calls' };
    yield { text: '', usage: {}, timings: {}, ...end };
  }
}
