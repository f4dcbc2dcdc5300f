import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LlamaChat, LlamaChatItem, LlamaLibrary } from '../../lib/executor/models/llama-cpp/llama-library.js';

type ResponseOptions = Parameters<LlamaChat['generateResponse']>[1];

/** A fake node-llama-cpp. Its model returns the same words for each prompt, and each word is a token. */
export class StubLlama {
  /** The model's response, one token per item. */
  words: readonly string[] = ['It ', 'is ', 'Paris.'];
  /** Called before each word. */
  beforeWord: (index: number) => void | Promise<void> = () => undefined;
  contextSize = 100;
  /** Thrown when a model is loaded, after `complaints` have been logged. */
  loadFailure: Error | undefined;
  /** Thrown when a context is created. */
  contextFailure: Error | undefined;
  errorLines: readonly string[] = [];
  readonly asked: { readonly history: readonly LlamaChatItem[]; readonly options: ResponseOptions }[] = [];
  readonly contexts: { readonly sequences: number; readonly threads: number }[] = [];
  loads = 0;
  disposed = 0;
  /** The number of active responses, now and at most. */
  busy = { now: 0, most: 0 };
  readonly library = this.#library();
  #folder = '';

  /** Returns the fake library. Replaces the client's import of node-llama-cpp. */
  readonly load = async (): Promise<LlamaLibrary> => this.library;

  /** Creates a file in a temporary folder. By default, it begins like a model file. */
  async file(name = 'tiny.gguf', content = 'GGUF and so on'): Promise<string> {
    this.#folder ||= await mkdtemp(join(tmpdir(), 'tinyllm-gguf-'));
    const file = join(this.#folder, name);
    await writeFile(file, content);
    return file;
  }

  async remove(): Promise<void> {
    if (this.#folder !== '') await rm(this.#folder, { recursive: true });
  }

  #library(): LlamaLibrary {
    const stub = this;
    return {
      GeneralChatWrapper: class {
        generateContextState({ chatHistory }: { chatHistory: readonly LlamaChatItem[] }) {
          const texts = chatHistory.map((item) => (item.type === 'model' ? item.response.join('') : item.text));
          const tokens = texts.join(' ').split(/\s+/).filter(Boolean);
          return { contextText: { tokenize: () => tokens.map((_, index) => index) } };
        }
      },
      resolveChatWrapper: () => null,
      LlamaChat: class {
        readonly #meter: { used: number };
        constructor({ contextSequence }: { contextSequence: object }) {
          this.#meter = (contextSequence as { meter: { used: number } }).meter;
        }
        generateResponse(history: readonly LlamaChatItem[], options: ResponseOptions) {
          return stub.#respond(history, options, this.#meter);
        }
      },
      getLlama: async ({ logger }) => ({
        cpuMathCores: 1,
        getGrammarFor: async (type) => ({ type }),
        loadModel: async ({ loadSignal }) => {
          stub.loads += 1;
          await sleep(1);
          loadSignal?.throwIfAborted();
          for (const line of stub.errorLines) logger('error', line);
          if (stub.loadFailure !== undefined) throw stub.loadFailure;
          return {
            trainContextSize: stub.contextSize,
            memoryUsage: { ram: 1_000, vram: 200 },
            tokenizer: () => [],
            dispose: async () => {
              stub.disposed += 1;
            },
            createContext: async ({ contextSize, ...settings }) => {
              if (stub.contextFailure !== undefined) throw stub.contextFailure;
              stub.contexts.push(settings);
              return {
                contextSize: contextSize.max,
                memoryUsage: { ram: 300, vram: 0 },
                getSequence: () => stubSequence(),
              };
            },
          };
        },
      }),
    };
  }

  async #respond(history: readonly LlamaChatItem[], options: ResponseOptions, meter: { used: number }) {
    this.asked.push({ history, options });
    this.busy = { now: this.busy.now + 1, most: Math.max(this.busy.most, this.busy.now + 1) };
    try {
      for (const [index, word] of this.words.entries()) {
        if (index === options.maxTokens) return { metadata: { stopReason: 'maxTokens' } };
        await sleep(1);
        await this.beforeWord(index);
        options.signal.throwIfAborted();
        meter.used += 1;
        options.onTextChunk(word);
      }
      return { metadata: { stopReason: 'eogToken' } };
    } finally {
      this.busy.now -= 1;
    }
  }
}

function stubSequence() {
  const meter = { used: 0 };
  return {
    meter,
    tokenMeter: {
      getState: () => ({ ...meter }),
      diff: (since: object) => ({ usedOutputTokens: meter.used - (since as typeof meter).used }),
    },
  };
}
