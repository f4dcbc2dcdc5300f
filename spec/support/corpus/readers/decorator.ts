import { TrackRequest } from '../../../../lib/core/index.js';
import { beginReading, firstOutputs, takeReading } from '../reading.js';
import type { CorpusReader } from './corpus-reader.js';

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

/** `@TrackRequest` on a method that returns the response, or yields its chunks. */
export const decorator: CorpusReader = {
  name: 'decorator',
  accepts: ({ status = 200, api }) => status < 300 && api !== 'anthropic-count-tokens',
  async read({ whole, chunks }) {
    beginReading();
    const client = new Client();
    if (whole !== undefined) {
      await client.generate(whole);
      return takeReading();
    }
    let firstOutput: number | 'none' = 'none';
    let at = 0;
    for await (const _chunk of client.stream(chunks ?? [])) {
      if (firstOutput === 'none' && (await firstOutputs()) > 0) firstOutput = at;
      at++;
    }
    return { ...(await takeReading()), firstOutput };
  },
};
