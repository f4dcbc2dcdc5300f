import PQueue from 'p-queue';
import { ModelRequestError, ModelServerError } from 'tinyllm/recording';
import type { FinishReason, ModelChunk, ModelRequest } from '../model-client.js';
import { OutputClock } from '../output-clock.js';
import { chatItems, withoutEarliest } from './chat-items.js';
import { ggufModelName } from './gguf-file.js';
import { type LlamaChat, type LlamaChatItem, type LlamaSequence, llamaCppName } from './llama-library.js';
import type { LlamaCppSettings, LoadedLlama } from './load-model.js';

/** Where one question at a time is answered; it goes on from what it read before, as far as that is the same. */
interface Seat {
  readonly sequence: LlamaSequence;
  readonly chat: LlamaChat;
}

/** A question as it is put to the model. */
interface Question {
  readonly items: readonly LlamaChatItem[];
  readonly tokens: number;
}

/** Tokens that llama.cpp keeps free at the end of a context. */
const reserve = 2;

/** What llama.cpp's own programs take; with 0 small models go round in circles. */
const defaultTemperature = 0.8;

const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ['eogToken', 'stop'],
  ['stopGenerationTrigger', 'stop'],
  ['maxTokens', 'length'],
]);

/** A model in memory, and the questions that wait for it. */
export class ResidentModel {
  readonly #name: string;
  readonly #loaded: LoadedLlama;
  readonly #free: Seat[];
  readonly #queue: PQueue;
  #loadSeconds: number | undefined;

  constructor(settings: LlamaCppSettings, loaded: LoadedLlama) {
    const { library, context, wrapper: chatWrapper, seconds } = loaded;
    this.#name = ggufModelName(settings.file);
    this.#loaded = loaded;
    this.#loadSeconds = seconds;
    this.#free = Array.from({ length: settings.parallel ?? 1 }, () => {
      const sequence = context.getSequence();
      return { sequence, chat: new library.LlamaChat({ contextSequence: sequence, chatWrapper }) };
    });
    this.#queue = new PQueue({ concurrency: this.#free.length });
  }

  /** The bytes it takes, its context included. */
  get memory(): { readonly memoryBytes: number; readonly vramBytes: number } {
    const used = [this.#loaded.model.memoryUsage, this.#loaded.context.memoryUsage];
    const vramBytes = used.reduce((sum, { vram }) => sum + vram, 0);
    return { memoryBytes: used.reduce((sum, { ram }) => sum + ram, vramBytes), vramBytes };
  }

  /**
   * Answers when its turn has come: tells the texts, and then how it ended. Earlier turns that do not fit are left out.
   *
   * Throws a `ModelRequestError` for a question that does not fit, a `ModelServerError` when llama.cpp fails, and the reason
   * of the signal.
   */
  async answer(request: ModelRequest, tell: (chunk: ModelChunk) => void, stop: AbortSignal): Promise<void> {
    await this.#queue.add(async () => {
      stop.throwIfAborted();
      const seat = this.#free.pop();
      if (seat === undefined) throw new RangeError('More questions are being answered than there are seats.');
      try {
        tell(await this.#generate(seat, request, { tell, stop }));
      } finally {
        this.#free.push(seat);
      }
    });
  }

  /** Lets go of the memory, once the questions under way have ended. */
  async close(): Promise<void> {
    await this.#queue.onIdle();
    await this.#loaded.model.dispose();
  }

  async #generate(
    { sequence, chat }: Seat,
    request: ModelRequest,
    { tell, stop }: { readonly tell: (chunk: ModelChunk) => void; readonly stop: AbortSignal },
  ): Promise<ModelChunk> {
    const { items, tokens } = this.#fitting(request);
    const room = this.#loaded.context.contextSize - reserve - tokens;
    const { maxTokens = room, temperature = defaultTemperature, format } = request;
    const grammar = format === 'json' ? await this.#loaded.engine.getGrammarFor('json') : undefined;
    const clock = new OutputClock();
    const before = sequence.tokenMeter.getState();
    const started = performance.now();
    let promptSeconds: number | undefined;
    const { metadata } = await chat
      .generateResponse(items, {
        maxTokens: Math.min(maxTokens, room),
        temperature,
        ...(grammar === undefined ? {} : { grammar }),
        signal: stop,
        onTextChunk: (text) => {
          promptSeconds ??= (performance.now() - started) / 1000;
          clock.piece();
          tell({ text });
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

  #fitting(request: ModelRequest): Question {
    const { model, context, wrapper } = this.#loaded;
    for (let { history = [] } = request; ; ) {
      const items = chatItems({ ...request, history });
      // An answer that is empty as yet is where the model begins to write.
      const chatHistory: readonly LlamaChatItem[] = [...items, { type: 'model', response: [] }];
      const { contextText } = wrapper.generateContextState({ chatHistory });
      const tokens = contextText.tokenize(model.tokenizer).length;
      if (tokens + reserve < context.contextSize) return { items, tokens };
      const shorter = withoutEarliest(history);
      if (shorter === undefined) throw this.#tooLong(tokens);
      history = shorter;
    }
  }

  #tooLong(tokens: number): ModelRequestError {
    const { contextSize } = this.#loaded.context;
    return new ModelRequestError(
      `The question and its instructions have ${tokens} tokens, and the context of the model ${this.#name} takes ${contextSize}, answer included; shorten them, or take a model with a larger context.`,
      { provider: llamaCppName, model: this.#name },
    );
  }

  #failure(cause: unknown): ModelServerError {
    const words = cause instanceof Error ? cause.message : String(cause);
    return new ModelServerError(
      `llama.cpp failed to answer with the model ${this.#name}: ${words.replace(/\.$/, '')}.`,
      {
        provider: llamaCppName,
        model: this.#name,
        cause,
      },
    );
  }
}
