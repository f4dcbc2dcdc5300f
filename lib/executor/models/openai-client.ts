import { brokenAnswer, isFields, openaiChat } from 'tinyllm/recording';
import { statedVectors } from './http/vectors.js';
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
 * Answers with a model of any server that speaks OpenAI's protocol: vLLM, llama.cpp's server, LM Studio, OpenAI itself.
 *
 * Its calls throw a subclass of `ModelError` that says how the call failed, and the reason of the signal when that ends
 * them. Nothing is tried again here, but for a server that refuses `stream_options`, `max_tokens` or `response_format`:
 * that one is asked in other words.
 */
export class OpenAIClient extends EmbeddingClient {
  readonly provider = 'openai';
  readonly model: string;
  readonly #server: OpenAIServer;

  /** Throws a `ModelUnavailableError` for a base URL that is none, a `ModelAccessError` for a key that is none. */
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
    const stated = entries.map((entry: unknown) => Object(entry).embedding as unknown);
    const vectors = statedVectors(stated, texts.length);
    if (vectors === undefined) throw brokenAnswer(this.#server.facts(model), 'did not send a vector for each text');
    const { inputTokens } = (isFields(answer) ? openaiChat.usage(answer) : undefined) ?? {};
    return { vectors, usage: inputTokens === undefined ? {} : { inputTokens }, timings: {} };
  }

  protected override async *chunks(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    let end: Omit<ChatEvent, 'text'> = {};
    let callsTools = false;
    for await (const event of this.#server.chat(openaiRequest(request, this.model), request.signal)) {
      if (event === endOfChat) {
        // Some servers state no reason, only the end.
        end = { finishReason: 'stop', ...end };
        continue;
      }
      const { text, ...facts } = chatEvent(event);
      end = { ...end, ...facts };
      callsTools ||= isFields(event) && openaiChat.callsTools(event);
      // Events without text are a model's thinking, or tell how the answer ended.
      if (text !== '') yield { text };
    }
    if (end.finishReason === undefined) {
      throw brokenAnswer(this.#server.facts(this.model), 'ended its answer before it was done');
    }
    // Some servers end an answer that calls a tool with `stop`.
    if (callsTools && end.finishReason === 'stop') end = { ...end, finishReason: 'tool_calls' };
    yield { text: '', usage: {}, timings: {}, ...end };
  }
}
