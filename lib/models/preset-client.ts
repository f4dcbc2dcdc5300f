import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from './model-client.js';

/** What is asked of a model wherever a request leaves it out. */
export type RequestPreset = Pick<ModelRequest, 'maxTokens' | 'temperature'>;

/** Asks its client with a model's own settings, where the request has none. */
export class PresetClient implements ModelClient {
  readonly embed?: NonNullable<ModelClient['embed']>;
  readonly #client: ModelClient;
  readonly #preset: RequestPreset;

  constructor(client: ModelClient, preset: RequestPreset) {
    this.#client = client;
    this.#preset = preset;
    const embed = client.embed?.bind(client);
    if (embed !== undefined) this.embed = embed;
  }

  get provider(): string {
    return this.#client.provider;
  }

  get model(): string {
    return this.#client.model;
  }

  generate(request: ModelRequest): Promise<ModelResponse> {
    return this.#client.generate({ ...this.#preset, ...request });
  }

  stream(request: ModelRequest): AsyncIterable<ModelChunk> {
    return this.#client.stream({ ...this.#preset, ...request });
  }

  async close(): Promise<void> {
    await this.#client.close?.();
  }
}
