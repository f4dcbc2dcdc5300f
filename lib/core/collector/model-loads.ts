/** An Ollama `load_duration` of at least this many seconds is a load. For a model in memory, it is about 0.03 s. */
const shortestLoadSeconds = 0.1;

/**
 * The limit for a model that was in memory at the last report. On a busy machine, Ollama reports up to 0.4 s for such a
 * model although it does not load it.
 */
const shortestReloadSeconds = 1;

/**
 * Tracks which models are in memory. Ollama also reports a load duration for a model that is already in memory, and
 * this must not count as a load.
 */
export class ModelLoads {
  /** Whether each model was in memory at its last report. */
  readonly #loaded = new Map<string, boolean>();
  /** Models that were loaded after the last report or poll. */
  readonly #loadedSince = new Set<string>();
  #isPolled = false;

  /** Sets whether a model is in memory. */
  update(model: string, loaded: boolean): void {
    const name = fullName(model);
    this.#loaded.set(name, loaded);
    this.#loadedSince.delete(name);
  }

  /**
   * Records the end of a poll. Before this call, report every model in memory as loaded, and every model that has left
   * the memory as not loaded.
   *
   * After a successful poll, a model that was never reported counts as not in memory. After a failed poll, nothing is
   * known.
   */
  polled(succeeded = true): void {
    this.#isPolled = succeeded;
    if (!succeeded) this.#loaded.clear();
    this.#loadedSince.clear();
  }

  /**
   * Returns whether a reported load duration is an actual load. After an actual load, the model counts as in memory
   * until the next poll.
   *
   * The minimum is 100 ms. If the model is known to be in memory, the minimum is 1 s. If it is known not to be in
   * memory, any duration is a load.
   */
  detectLoad(model: string, seconds: number): boolean {
    const name = fullName(model);
    const isLoad = seconds >= this.#shortestLoad(name);
    // Models without a report or poll are not stored, so that memory stays bounded.
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

/** If a model is requested without a tag, Ollama lists it with the tag `latest`. */
function fullName(model: string): string {
  return model.includes(':') ? model : `${model}:latest`;
}
