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

/** The model to load, and its use of memory and processor cores. */
export interface LlamaCppSettings {
  /** The path of a model in the GGUF format. */
  readonly file: string;
  /**
   * The maximum number of tokens of prompt, history and answer together. Default: 8192, or less if the model supports
   * less or memory is insufficient.
   */
  readonly contextSize?: number | undefined;
  /** The maximum number of concurrent requests. Each needs its own context memory. Other requests wait. Default: 1. */
  readonly parallel?: number | undefined;
  /**
   * The number of processor cores. Default: the cores that are useful for llama.cpp, but at most all cores except one,
   * which remains free for the application.
   */
  readonly threads?: number | undefined;
}

/** A model that is loaded into memory. */
export interface LoadedLlama {
  readonly library: LlamaLibrary;
  readonly engine: LlamaEngine;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  /** The prompt format of the model. */
  readonly wrapper: LlamaChatWrapper;
  /** The time to load the model, including the library. */
  readonly seconds: number;
}

const defaultContextSize = 8192;

/**
 * Loads a model into memory. Throws the signal's reason on abort.
 *
 * @throws {ModelNotFoundError} if the file does not exist.
 * @throws {ModelFileError} if the file is not a model, or is damaged.
 * @throws {ModelUnavailableError} if llama.cpp cannot be loaded, or memory is insufficient.
 */
export async function loadLlamaModel(
  settings: LlamaCppSettings,
  loadLibrary: () => Promise<LlamaLibrary>,
  signal: AbortSignal,
): Promise<LoadedLlama> {
  const started = performance.now();
  await checkGgufFile(settings.file);
  const library = await loadLibrary();
  return withLlama(library, async (engine, errorLines) => {
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
      // Error lines come from another thread, and may arrive one event-loop turn after the failure. The first wait ends
      // in the current turn, and the second wait ends in the next turn.
      await nextTurn();
      await nextTurn();
      throw loadError(settings.file, error, errorLines);
    }
  });
}

/** Creates the error for a failed load. llama.cpp's error lines are more specific than the error that it throws. */
function loadError(file: string, cause: unknown, errorLines: readonly string[]): Error {
  const facts = { provider: llamaCppName, model: ggufModelName(file), cause };
  const { name, message }: { readonly name?: unknown; readonly message?: unknown } = Object(cause);
  const first = errorLines.find((line) => line !== '') ?? String(message);
  const reason = (/error loading model: (.*)/.exec(errorLines.join('\n'))?.[1] ?? first).replace(/\.$/, '');
  if (name === 'InsufficientMemoryError') {
    return new ModelUnavailableError(
      `The model file ${JSON.stringify(file)} does not fit into memory (${reason}); use a smaller model, or a smaller contextSize.`,
      facts,
    );
  }
  return new ModelFileError(
    `The model file ${JSON.stringify(file)} cannot be loaded (${reason}); it is damaged or not supported by llama.cpp. Download it again, or use another model.`,
    facts,
  );
}
