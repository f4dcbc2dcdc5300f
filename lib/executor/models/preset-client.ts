import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from './model-client.js';
import { WrappedClient } from './wrapped-client.js';

/** Default values for requests. */
export type RequestPreset = Pick<ModelRequest, 'maxTokens' | 'temperature'>;

/** Applies default values to requests that do not set them. */
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
