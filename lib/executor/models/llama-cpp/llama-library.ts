import { ModelUnavailableError } from 'tinyllm/recording';

/** What its provider is called. */
export const llamaCppName = 'llama-cpp';

/** What brings the library, for error messages. */
export const howToInstallLlama = 'install it with `npm install node-llama-cpp`';

/**
 * The part of node-llama-cpp 3 that is used here.
 *
 * It is declared rather than imported: whoever uses no models in process has no need of the package, not even of its types.
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
  /** Processor cores that are of use to it. */
  readonly cpuMathCores: number;
  loadModel(options: { readonly modelPath: string; readonly loadSignal?: AbortSignal }): Promise<LlamaModel>;
  getGrammarFor(type: 'json'): Promise<LlamaGrammar>;
}

/** What may be generated; only handed on. */
export type LlamaGrammar = object;

/** A model in memory. */
export interface LlamaModel {
  readonly trainContextSize: number;
  /** In bytes. */
  readonly memoryUsage: { readonly ram: number; readonly vram: number };
  readonly tokenizer: LlamaTokenizer;
  /** Lets go of the memory, that of its contexts included. */
  dispose(): Promise<void>;
  createContext(options: {
    readonly contextSize: { readonly max: number };
    readonly sequences: number;
    readonly threads: number;
  }): Promise<LlamaContext>;
}

/** Turns text into tokens; only handed on. */
export type LlamaTokenizer = (text: string) => readonly number[];

/** The memory that generating takes, in one or several sequences of tokens. */
export interface LlamaContext {
  /** In tokens, for each sequence. */
  readonly contextSize: number;
  /** In bytes. */
  readonly memoryUsage: { readonly ram: number; readonly vram: number };
  getSequence(): LlamaSequence;
}

/** Tokens that a model has read or written, and may go on from. */
export interface LlamaSequence {
  readonly tokenMeter: {
    getState(): LlamaMeterState;
    diff(since: LlamaMeterState): { readonly usedOutputTokens: number };
  };
}

/** Token counts at some moment; only handed back. */
export type LlamaMeterState = object;

/** How a model wants a conversation to be written. */
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
  /** Rejects with the reason of the signal, after the token under way. */
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
 * @throws {ModelUnavailableError} when it is not installed, or does not load.
 */
export async function loadLlamaLibrary(
  importLibrary: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<LlamaLibrary> {
  try {
    return (await importLibrary('node-llama-cpp')) as LlamaLibrary;
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    const isAbsent = /^Cannot find (?:package|module) 'node-llama-cpp'/.test(words);
    throw new ModelUnavailableError(
      isAbsent
        ? `The provider ${llamaCppName} needs the package node-llama-cpp, which is not installed; ${howToInstallLlama}.`
        : `The package node-llama-cpp does not load (${words}); ${howToInstallLlama} again.`,
      { provider: llamaCppName, cause },
    );
  }
}
