import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from './model-client.js';
import { WrappedClient } from './wrapped-client.js';

/** What is asked of a model wherever a request leaves it out. */
export type RequestPreset = Pick<ModelRequest, 'maxTokens' | 'temperature'>;

/** Asks its client with a model's own settings, where the request has none. */
export class PresetClient extends WrappedClient {
  readonly #preset: RequestPreset;

  constructor(client: ModelClient, preset: RequestPreset) {
    super(client);
    this.#preset = preset;
  }

  generate(request: ModelRequest): Promise<ModelResponse> {
    return this.client.generate({ ...this.#preset, ...request });
  }

  stream(request: ModelRequest): AsyncIterable<ModelChunk> {
    return this.client.stream({ ...this.#preset, ...request });
  }
}
