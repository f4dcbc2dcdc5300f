/** Seconds from which Ollama's `load_duration` is a load. It reports about 0.03 s for a model that is in memory. */
const shortestLoadSeconds = 0.1;

/** The same for a model that was in memory at the last report. On a busy machine Ollama reports up to 0.4 s for it. */
const shortestReloadSeconds = 1;

/** Knows which models are in memory, to tell real loads from the load durations that Ollama reports on warm requests. */
export class ModelLoads {
  /** Whether each model was in memory at the last report about it. */
  readonly #loaded = new Map<string, boolean>();
  /** Models that were loaded since the last report or poll. */
  readonly #loadedSince = new Set<string>();
  #isPolled = false;

  /** Sets whether a model is in memory. */
  update(model: string, loaded: boolean): void {
    const name = fullName(model);
    this.#loaded.set(name, loaded);
    this.#loadedSince.delete(name);
  }

  /** A poll has listed every model that is in memory, so any other is not. After a failed one, nothing is known. */
  polled(succeeded = true): void {
    this.#isPolled = succeeded;
    if (!succeeded) this.#loaded.clear();
    this.#loadedSince.clear();
  }

  /**
   * Whether a reported load duration is a load: of at least 100 ms, of any duration if the model is known not to be in memory,
   * of at least 1 s if it is known to be there.
   */
  isLoad(model: string, seconds: number): boolean {
    const name = fullName(model);
    const isLoad = seconds >= this.#shortestLoad(name);
    // Names that no report and no poll is about are not kept, so that memory stays bounded.
    if (isLoad && (this.#isPolled || this.#loaded.has(name))) this.#loadedSince.add(name);
    return isLoad;
  }

  #shortestLoad(name: string): number {
    const wasLoaded = this.#loaded.get(name);
    if (wasLoaded === true || this.#loadedSince.has(name)) return shortestReloadSeconds;
    const isAbsent = wasLoaded === false || this.#isPolled;
    return isAbsent ? 0 : shortestLoadSeconds;
  }
}

/** Ollama lists a model that was requested without a tag as `latest`. */
function fullName(model: string): string {
  return model.includes(':') ? model : `${model}:latest`;
}
