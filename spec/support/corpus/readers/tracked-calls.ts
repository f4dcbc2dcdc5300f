import { beginReading, firstOutputs, takeReading } from '../reading.js';
import type { CorpusReader } from './corpus-reader.js';

/** Tracked methods or functions. */
export interface TrackedCalls {
  /** Returns the response that it gets. */
  generate(response: object): Promise<object>;
  /** Yields the chunks that it gets. */
  stream(chunks: readonly object[]): AsyncIterable<object>;
}

/** Creates a reader that passes each response through tracked calls. */
export function readTrackedCalls(name: string, { generate, stream }: TrackedCalls): CorpusReader {
  return {
    name,
    accepts: ({ status = 200, api }) => status < 300 && api !== 'anthropic-count-tokens',
    async read({ whole, chunks }) {
      beginReading();
      if (whole !== undefined) {
        await generate(whole);
        return takeReading();
      }
      let firstOutput: number | 'none' = 'none';
      let at = 0;
      for await (const _chunk of stream(chunks ?? [])) {
        if (firstOutput === 'none' && (await firstOutputs()) > 0) firstOutput = at;
        at++;
      }
      return { ...(await takeReading()), firstOutput };
    },
  };
}
