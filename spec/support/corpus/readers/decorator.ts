import { TrackRequest } from '../../../../lib/core/index.js';
import { readTrackedCalls } from './tracked-calls.js';

class Client {
  @TrackRequest({ model: 'm', graph: 'corpus' })
  async generate(response: object): Promise<object> {
    return response;
  }

  @TrackRequest({ model: 'm', graph: 'corpus', requestType: 'stream' })
  async *stream(chunks: readonly object[]): AsyncGenerator<object> {
    yield* chunks;
  }
}

const client = new Client();

/** `@TrackRequest` on a method that returns the response, or yields its chunks. */
export const decorator = readTrackedCalls('decorator', {
  generate: (response) => client.generate(response),
  stream: (chunks) => client.stream(chunks),
});
