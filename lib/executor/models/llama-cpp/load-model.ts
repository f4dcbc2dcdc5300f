import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ModelUnavailableError } from 'tinyllm/recording';
import { ModelFileError } from '../../errors/model-client-errors.js';
import { checkGgufFile, ggufModelName } from './gguf-file.js';
import { withLlama } from './llama-engine.js';
import {
  type LlamaChatWrapper,
  type LlamaContext,
  type LlamaEngine,
  type LlamaLibrary,
  type LlamaModel,
  llamaCppName,
} from './llama-library.js';

/** Which model to load, and how much of the machine it may take. */
export interface LlamaCppSettings {
  /** A model in the GGUF format. */
  readonly file: string;
  /**
   * Tokens that question, history and answer may have together; default 8192, less where the model was made for less or
   * memory is short.
   */
  readonly contextSize?: number | undefined;
  /** Questions that are answered at the same time, each in memory of its own; further ones wait; default 1. */
  readonly parallel?: number | undefined;
  /** Processor cores to compute with; default all that are of use but one, which is left to the application. */
  readonly threads?: number | undefined;
}

/** A model that has been brought into memory. */
export interface LoadedLlama {
  readonly library: LlamaLibrary;
  readonly engine: LlamaEngine;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  /** How the model wants its conversations. */
  readonly wrapper: LlamaChatWrapper;
  /** How long that took, library included. */
  readonly seconds: number;
}

const defaultContextSize = 8192;

/**
 * Brings a model into memory.
 *
 * @throws {ModelNotFoundError} when its file is not there; {ModelFileError} when it is no model, or a damaged one;
 * {ModelUnavailableError} when llama.cpp cannot be loaded, or memory does not suffice; and the reason of the signal.
 */
export async function loadLlamaModel(
  settings: LlamaCppSettings,
  loadLibrary: () => Promise<LlamaLibrary>,
  signal: AbortSignal,
): Promise<LoadedLlama> {
  const started = performance.now();
  await checkGgufFile(settings.file);
  const library = await loadLibrary();
  return withLlama(library, async (engine, complaints) => {
    let model: LlamaModel | undefined;
    try {
      model = await engine.loadModel({ modelPath: settings.file, loadSignal: signal });
      const context = await model.createContext({
        contextSize: { max: Math.min(settings.contextSize ?? defaultContextSize, model.trainContextSize) },
        sequences: settings.parallel ?? 1,
        threads: settings.threads ?? Math.max(1, Math.min(engine.cpuMathCores, availableParallelism() - 1)),
      });
      const wrapper = library.resolveChatWrapper(model, { warningLogs: false }) ?? new library.GeneralChatWrapper();
      return { library, engine, model, context, wrapper, seconds: (performance.now() - started) / 1000 };
    } catch (error) {
      await model?.dispose();
      signal.throwIfAborted();
      // What was complained about comes from another thread, and may be told a turn later than that it failed.
      await nextTurn();
      await nextTurn();
      throw loadError(settings.file, error, complaints);
    }
  });
}

/** What llama.cpp complains about says more than what is thrown. */
function loadError(file: string, cause: unknown, complaints: readonly string[]): Error {
  const facts = { provider: llamaCppName, model: ggufModelName(file), cause };
  const { name, message }: { readonly name?: unknown; readonly message?: unknown } = Object(cause);
  const first = complaints.find((line) => line !== '') ?? String(message);
  const reason = (/error loading model: (.*)/.exec(complaints.join('\n'))?.[1] ?? first).replace(/\.$/, '');
  if (name === 'InsufficientMemoryError') {
    return new ModelUnavailableError(
      `The model file ${JSON.stringify(file)} does not fit into memory (${reason}); choose a smaller one, or a smaller contextSize.`,
      facts,
    );
  }
  return new ModelFileError(
    `The model file ${JSON.stringify(file)} cannot be loaded (${reason}); it is damaged, or of a kind that llama.cpp does not know: get it again, or another.`,
    facts,
  );
}
