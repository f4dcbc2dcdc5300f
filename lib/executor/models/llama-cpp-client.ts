import { getMetricsCollector } from 'tinyllm';
import { ModelUnavailableError } from 'tinyllm/recording';
import { ggufModelName } from './llama-cpp/gguf-file.js';
import { type LlamaLibrary, llamaCppName, loadLlamaLibrary } from './llama-cpp/llama-library.js';
import { type LlamaCppSettings, loadLlamaModel } from './llama-cpp/load-model.js';
import { piecesOf } from './llama-cpp/pieces.js';
import type { ResidentModel } from './llama-cpp/resident-model.js';
import type { ModelChunk, ModelRequest } from './model-client.js';
import { StreamingClient } from './streaming-client.js';

/** Options of {@link LlamaCppClient}. */
export interface LlamaCppClientOptions extends LlamaCppSettings {
  /**
   * Loads node-llama-cpp or a substitute. Default: the installed package.
   *
   * @internal
   */
  readonly loadLibrary?: (() => Promise<LlamaLibrary>) | undefined;
}

/**
 * Answers in this process with a model from a GGUF file. It requires the package node-llama-cpp.
 *
 * The first request loads the model into memory; `close` unloads it. The default temperature is 0.8. Calls throw:
 *
 * - `ModelUnavailableError` if the package is missing or memory is insufficient
 * - `ModelNotFoundError` if the file does not exist
 * - `ModelFileError` if the file is not a model
 * - `ModelRequestError` if the prompt is too long
 * - `ModelServerError` if llama.cpp fails
 * - the signal's reason on abort
 */
export class LlamaCppClient extends StreamingClient {
  readonly provider = llamaCppName;
  /** The name of the file, without folders and `.gguf`. */
  readonly model: string;
  readonly #options: LlamaCppClientOptions;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #loading: Promise<ResidentModel> | undefined;

  constructor(options: LlamaCppClientOptions) {
    super();
    this.#options = options;
    this.model = ggufModelName(options.file);
  }

  /** Aborts running calls, which throw a `ModelUnavailableError`, and unloads the model. */
  async close(): Promise<void> {
    this.#closing.abort(this.#closed());
    await Promise.allSettled(this.#running);
    const resident = await this.#loading?.catch(() => undefined);
    this.#loading = undefined;
    if (resident === undefined) return;
    await resident.close();
    getMetricsCollector().updateModelResidency({ model: this.model, loaded: false });
  }

  protected override chunks(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    const work = (onChunk: (chunk: ModelChunk) => void, stop: AbortSignal): Promise<void> => {
      const answering = this.#answer(request, onChunk, stop).finally(() => this.#running.delete(answering));
      this.#running.add(answering);
      return answering;
    };
    return piecesOf(work, [this.#closing.signal, ...(request.signal === undefined ? [] : [request.signal])]);
  }

  async #answer(request: ModelRequest, onChunk: (chunk: ModelChunk) => void, stop: AbortSignal): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      // The next request tries again, because the problem may be resolved by then.
      this.#loading = undefined;
      throw error;
    });
    const resident = await this.#loading;
    stop.throwIfAborted();
    await resident.answer(request, onChunk, stop);
  }

  async #load(): Promise<ResidentModel> {
    const { loadLibrary = () => loadLlamaLibrary() } = this.#options;
    const loaded = await loadLlamaModel(this.#options, loadLibrary, this.#closing.signal);
    const { ResidentModel } = await import('./llama-cpp/resident-model.js');
    const resident = new ResidentModel(this.#options, loaded);
    getMetricsCollector().updateModelResidency({ model: this.model, loaded: true, ...resident.memory });
    return resident;
  }

  #closed(): ModelUnavailableError {
    return new ModelUnavailableError(
      `The client of the model ${this.model} is closed; create another client to use the model again.`,
      {
        provider: this.provider,
        model: this.model,
      },
    );
  }
}
