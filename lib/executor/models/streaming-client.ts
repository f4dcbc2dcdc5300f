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
 * A client that reads every answer as a stream of chunks; a whole answer is collected from them.
 *
 * A long answer then shows progress on the connection, and an answer that breaks off is recognised as such.
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

  /** Asks the model; the last chunk carries the finish reason, the usage and the timings. */
  protected abstract chunks(request: ModelRequest): AsyncIterable<ModelChunk>;
}

/** A {@link StreamingClient} whose provider computes embeddings. */
export abstract class EmbeddingClient extends StreamingClient {
  @TrackRequest({ ...tracked, requestType: 'embed' })
  async embed(request: EmbedRequest): Promise<EmbedResponse> {
    return { model: this.model, ...(await this.vectors(request)) };
  }

  /** Asks for one vector per text. */
  protected abstract vectors(request: EmbedRequest): Promise<Omit<EmbedResponse, 'model'>>;
}
