import PQueue from 'p-queue';
import { ModelRequestError, ModelServerError } from 'tinyllm/recording';
import type { FinishReason, ModelChunk, ModelRequest } from '../model-client.js';
import { OutputClock } from '../output-clock.js';
import { chatItems, withoutOldestTurn } from './chat-items.js';
import { ggufModelName } from './gguf-file.js';
import { type LlamaChat, type LlamaChatItem, type LlamaSequence, llamaCppName } from './llama-library.js';
import type { LlamaCppSettings, LoadedLlama } from './load-model.js';

/**
 * Answers one request at a time. It reuses the processed tokens of the previous request if the prompt begins the same
 * way.
 */
interface Slot {
  readonly sequence: LlamaSequence;
  readonly chat: LlamaChat;
}

/** A conversation that fits into the context. */
interface FittedChat {
  readonly items: readonly LlamaChatItem[];
  readonly tokens: number;
}

/** The number of tokens that llama.cpp keeps free at the end of a context. */
const reservedTokens = 2;

/** The default of llama.cpp's own programs. With 0, small models repeat themselves. */
const defaultTemperature = 0.8;

const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ['eogToken', 'stop'],
  ['stopGenerationTrigger', 'stop'],
  ['maxTokens', 'length'],
]);

/** A model in memory, with a queue of requests. */
export class ResidentModel {
  readonly #name: string;
  readonly #loaded: LoadedLlama;
  readonly #freeSlots: Slot[];
  readonly #queue: PQueue;
  #loadSeconds: number | undefined;

  constructor(settings: LlamaCppSettings, loaded: LoadedLlama) {
    const { library, context, wrapper: chatWrapper, seconds } = loaded;
    this.#name = ggufModelName(settings.file);
    this.#loaded = loaded;
    this.#loadSeconds = seconds;
    this.#freeSlots = Array.from({ length: settings.parallel ?? 1 }, () => {
      const sequence = context.getSequence();
      return { sequence, chat: new library.LlamaChat({ contextSequence: sequence, chatWrapper }) };
    });
    this.#queue = new PQueue({ concurrency: this.#freeSlots.length });
  }

  /** The memory of the model and its context, in bytes. `memoryBytes` includes `vramBytes`. */
  get memory(): { readonly memoryBytes: number; readonly vramBytes: number } {
    const used = [this.#loaded.model.memoryUsage, this.#loaded.context.memoryUsage];
    const vramBytes = used.reduce((sum, { vram }) => sum + vram, 0);
    return { memoryBytes: used.reduce((sum, { ram }) => sum + ram, vramBytes), vramBytes };
  }

  /**
   * Answers a request in its turn. `onChunk` receives the texts, and then a last chunk with the finish reason and
   * usage.
   *
   * The oldest turns are omitted if the history does not fit into the context. Throws a `ModelRequestError` if the
   * prompt does not fit, a `ModelServerError` if llama.cpp fails, or the signal's reason on abort.
   */
  async answer(request: ModelRequest, onChunk: (chunk: ModelChunk) => void, stop: AbortSignal): Promise<void> {
    await this.#queue.add(async () => {
      stop.throwIfAborted();
      const slot = this.#freeSlots.pop();
      if (slot === undefined) throw new RangeError('More requests are running than there are slots.');
      try {
        onChunk(await this.#generate(slot, request, { onChunk, stop }));
      } finally {
        this.#freeSlots.push(slot);
      }
    });
  }

  /** Waits for the running requests, and releases the memory. */
  async close(): Promise<void> {
    await this.#queue.onIdle();
    await this.#loaded.model.dispose();
  }

  async #generate(
    { sequence, chat }: Slot,
    request: ModelRequest,
    { onChunk, stop }: { readonly onChunk: (chunk: ModelChunk) => void; readonly stop: AbortSignal },
  ): Promise<ModelChunk> {
    const { items, tokens } = this.#fit(request);
    const freeTokens = this.#loaded.context.contextSize - reservedTokens - tokens;
    const { maxTokens = freeTokens, temperature = defaultTemperature, format } = request;
    const grammar = format === 'json' ? await this.#loaded.engine.getGrammarFor('json') : undefined;
    const clock = new OutputClock();
    const before = sequence.tokenMeter.getState();
    const started = performance.now();
    let promptSeconds: number | undefined;
    const { metadata } = await chat
      .generateResponse(items, {
        maxTokens: Math.min(maxTokens, freeTokens),
        temperature,
        ...(grammar === undefined ? {} : { grammar }),
        signal: stop,
        onTextChunk: (text) => {
          promptSeconds ??= (performance.now() - started) / 1000;
          clock.recordPiece();
          onChunk({ text });
        },
      })
      .catch((error: unknown) => {
        stop.throwIfAborted();
        throw this.#failure(error);
      });
    const { usedOutputTokens: outputTokens } = sequence.tokenMeter.diff(before);
    const outputSeconds = clock.seconds(outputTokens);
    const loadSeconds = this.#loadSeconds;
    this.#loadSeconds = undefined;
    return {
      text: '',
      finishReason: finishReasons.get(metadata.stopReason) ?? 'other',
      usage: { inputTokens: tokens, outputTokens },
      timings: {
        ...(loadSeconds === undefined ? {} : { loadSeconds }),
        ...(promptSeconds === undefined ? {} : { promptSeconds }),
        ...(outputSeconds === undefined ? {} : { outputSeconds }),
      },
    };
  }

  #fit(request: ModelRequest): FittedChat {
    const { model, context, wrapper } = this.#loaded;
    for (let { history = [] } = request; ; ) {
      const items = chatItems({ ...request, history });
      // An empty answer marks where the model continues.
      const chatHistory: readonly LlamaChatItem[] = [...items, { type: 'model', response: [] }];
      const { contextText } = wrapper.generateContextState({ chatHistory });
      const tokens = contextText.tokenize(model.tokenizer).length;
      if (tokens + reservedTokens < context.contextSize) return { items, tokens };
      const shorter = withoutOldestTurn(history);
      if (shorter === undefined) throw this.#tooLong(tokens);
      history = shorter;
    }
  }

  #tooLong(tokens: number): ModelRequestError {
    const { contextSize } = this.#loaded.context;
    return new ModelRequestError(
      `The question and its instructions have ${tokens} tokens, but the context of the model ${this.#name} has only ${contextSize}, including the answer; shorten them, or use a model with a larger context.`,
      { provider: llamaCppName, model: this.#name },
    );
  }

  #failure(cause: unknown): ModelServerError {
    const message = cause instanceof Error ? cause.message : String(cause);
    return new ModelServerError(
      `llama.cpp failed to answer with the model ${this.#name}: ${message.replace(/\.$/, '')}.`,
      {
        provider: llamaCppName,
        model: this.#name,
        cause,
      },
    );
  }
}
