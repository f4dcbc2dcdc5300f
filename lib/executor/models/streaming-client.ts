import { TrackRequest } from 'tinyllm';
import { collectAnswer } from './collect-answer.js';
import type {
  EmbedRequest,
  EmbedResponse,
  ModelChunk,
  ModelClient,
  ModelRequest,
  ModelResponse,
} from './model-client.js';
import { tracked } from './tracked.js';

/**
 * A client that reads every answer as a stream. `generate` collects the answer from its chunks.
 *
 * Streaming keeps the connection active during long answers, and detects answers that break off.
 */
export abstract class StreamingClient implements ModelClient {
  abstract readonly provider: string;
  abstract readonly model: string;

  @TrackRequest({ ...tracked, requestType: 'generate' })
  generate(request: ModelRequest): Promise<ModelResponse> {
    return collectAnswer(this.chunks(request), this.model);
  }

  @TrackRequest({ ...tracked, requestType: 'stream' })
  async *stream(request: ModelRequest): AsyncGenerator<ModelChunk, void, undefined> {
    yield* this.chunks(request);
  }

  /** Calls the model. The last chunk contains the finish reason, the usage and the timings. */
  protected abstract chunks(request: ModelRequest): AsyncIterable<ModelChunk>;
}

/** A {@link StreamingClient} whose provider computes embeddings. */
export abstract class EmbeddingClient extends StreamingClient {
  @TrackRequest({ ...tracked, requestType: 'embed' })
  async embed(request: EmbedRequest): Promise<EmbedResponse> {
    return { model: this.model, ...(await this.vectors(request)) };
  }

  /** Requests one vector per text. */
  protected abstract vectors(request: EmbedRequest): Promise<Omit<EmbedResponse, 'model'>>;
}
