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
   * Loads node-llama-cpp, or what takes its place; default the package as it is installed.
   *
   * @internal
   */
  readonly loadLibrary?: (() => Promise<LlamaLibrary>) | undefined;
}

/**
 * Answers in process with a model from a GGUF file, through the package node-llama-cpp, which is to be installed for it.
 *
 * The model is brought into memory at the first question, once; it stays there until `close`. The temperature is 0.8
 * unless another is asked for. Its calls throw `ModelUnavailableError` without the package or the
 * memory, `ModelNotFoundError` and `ModelFileError` for a file that is not there or is no model, `ModelRequestError` for
 * a question that is too long for it, `ModelServerError` when llama.cpp fails, and the reason of the signal when that ends
 * them.
 */
export class LlamaCppClient extends StreamingClient {
  readonly provider = llamaCppName;
  /** The file's name, without folders and `.gguf`. */
  readonly model: string;
  readonly #options: LlamaCppClientOptions;
  readonly #closing = new AbortController();
  readonly #working = new Set<Promise<void>>();
  #loading: Promise<ResidentModel> | undefined;

  constructor(options: LlamaCppClientOptions) {
    super();
    this.#options = options;
    this.model = ggufModelName(options.file);
  }

  /** Ends what is under way, which throws, and lets go of the memory. */
  async close(): Promise<void> {
    this.#closing.abort(this.#closed());
    await Promise.allSettled(this.#working);
    const resident = await this.#loading?.catch(() => undefined);
    this.#loading = undefined;
    if (resident === undefined) return;
    await resident.close();
    getMetricsCollector().updateModelResidency({ model: this.model, loaded: false });
  }

  protected override chunks(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    const work = (tell: (chunk: ModelChunk) => void, stop: AbortSignal): Promise<void> => {
      const answering = this.#answer(request, tell, stop).finally(() => this.#working.delete(answering));
      this.#working.add(answering);
      return answering;
    };
    return piecesOf(work, [this.#closing.signal, ...(request.signal === undefined ? [] : [request.signal])]);
  }

  async #answer(request: ModelRequest, tell: (chunk: ModelChunk) => void, stop: AbortSignal): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      // What was wrong may have been put right by the next question.
      this.#loading = undefined;
      throw error;
    });
    const resident = await this.#loading;
    stop.throwIfAborted();
    await resident.answer(request, tell, stop);
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
      `The model ${this.model} has been let go of; make another client to ask it again.`,
      {
        provider: this.provider,
        model: this.model,
      },
    );
  }
}
