import { ModelUnavailableError } from 'tinyllm/recording';

/** The name of the provider. */
export const llamaCppName = 'llama-cpp';

/** How to install the library, for error messages. */
export const howToInstallLlama = 'install it with `npm install node-llama-cpp`';

/**
 * The part of node-llama-cpp 3 that the client uses.
 *
 * It is declared here, so that the package and its types are needed only for models in this process.
 * Source: https://node-llama-cpp.withcat.ai/api/
 */
export interface LlamaLibrary {
  getLlama(options: {
    readonly build: 'never';
    readonly skipDownload: true;
    readonly progressLogs: false;
    readonly logLevel: 'error';
    readonly logger: (level: string, message: string) => void;
  }): Promise<LlamaEngine>;
  resolveChatWrapper(model: LlamaModel, options: { readonly warningLogs: false }): LlamaChatWrapper | null;
  readonly GeneralChatWrapper: new () => LlamaChatWrapper;
  readonly LlamaChat: new (options: {
    readonly contextSequence: LlamaSequence;
    readonly chatWrapper: LlamaChatWrapper;
  }) => LlamaChat;
}

/** llama.cpp, loaded into this process. */
export interface LlamaEngine {
  /** The number of processor cores that are useful for llama.cpp. */
  readonly cpuMathCores: number;
  loadModel(options: { readonly modelPath: string; readonly loadSignal?: AbortSignal }): Promise<LlamaModel>;
  getGrammarFor(type: 'json'): Promise<LlamaGrammar>;
}

/** A grammar that restricts the generated text. It is opaque. */
export type LlamaGrammar = object;

/** A model in memory. */
export interface LlamaModel {
  readonly trainContextSize: number;
  /** In bytes. */
  readonly memoryUsage: { readonly ram: number; readonly vram: number };
  readonly tokenizer: LlamaTokenizer;
  /** Releases the memory of the model and its contexts. */
  dispose(): Promise<void>;
  createContext(options: {
    readonly contextSize: { readonly max: number };
    readonly sequences: number;
    readonly threads: number;
  }): Promise<LlamaContext>;
}

/** Splits text into tokens. */
export type LlamaTokenizer = (text: string) => readonly number[];

/** The memory for generation, with one or more token sequences. */
export interface LlamaContext {
  /** The size of each sequence, in tokens. */
  readonly contextSize: number;
  /** In bytes. */
  readonly memoryUsage: { readonly ram: number; readonly vram: number };
  getSequence(): LlamaSequence;
}

/** Tokens that a model has processed, and can reuse for the next request. */
export interface LlamaSequence {
  readonly tokenMeter: {
    getState(): LlamaMeterState;
    diff(since: LlamaMeterState): { readonly usedOutputTokens: number };
  };
}

/** Token counts at a point in time. They are opaque. */
export type LlamaMeterState = object;

/** The prompt format of a model. */
export interface LlamaChatWrapper {
  generateContextState(options: { readonly chatHistory: readonly LlamaChatItem[] }): {
    readonly contextText: { tokenize(tokenizer: LlamaTokenizer): readonly number[] };
  };
}

/** A turn of a conversation. */
export type LlamaChatItem =
  | { readonly type: 'system' | 'user'; readonly text: string }
  | { readonly type: 'model'; readonly response: readonly string[] };

/** A conversation on a sequence. */
export interface LlamaChat {
  /** Rejects with the signal's reason on abort, after the current token. */
  generateResponse(
    history: readonly LlamaChatItem[],
    options: {
      readonly maxTokens: number;
      readonly temperature: number;
      readonly grammar?: LlamaGrammar;
      readonly signal: AbortSignal;
      readonly onTextChunk: (text: string) => void;
    },
  ): Promise<{ readonly metadata: { readonly stopReason: string } }>;
}

/**
 * Loads node-llama-cpp.
 *
 * @throws {ModelUnavailableError} if it is not installed or cannot be loaded.
 */
export async function loadLlamaLibrary(
  importLibrary: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<LlamaLibrary> {
  try {
    return (await importLibrary('node-llama-cpp')) as LlamaLibrary;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const isMissing = /^Cannot find (?:package|module) 'node-llama-cpp'/.test(message);
    throw new ModelUnavailableError(
      isMissing
        ? `The provider ${llamaCppName} needs the package node-llama-cpp, which is not installed; ${howToInstallLlama}.`
        : `The package node-llama-cpp cannot be loaded (${message}); ${howToInstallLlama} again.`,
      { provider: llamaCppName, cause },
    );
  }
}
