import type { ModelChunk, ModelClient, ModelRequest, ModelResponse } from './model-client.js';

/**
 * The base of clients that wrap another client. It has the same provider, model and URL, and closes the wrapped client.
 */
export abstract class WrappedClient implements ModelClient {
  readonly provider: string;
  readonly model: string;
  readonly url?: string;
  embed?: NonNullable<ModelClient['embed']>;
  protected readonly client: ModelClient;

  constructor(client: ModelClient) {
    this.client = client;
    this.provider = client.provider;
    this.model = client.model;
    if (client.url !== undefined) this.url = client.url;
    const embed = client.embed?.bind(client);
    if (embed !== undefined) this.embed = embed;
  }

  abstract generate(request: ModelRequest): Promise<ModelResponse>;

  abstract stream(request: ModelRequest): AsyncIterable<ModelChunk>;

  async close(): Promise<void> {
    await this.client.close?.();
  }
}
