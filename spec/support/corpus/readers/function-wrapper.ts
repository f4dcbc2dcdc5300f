import { trackRequest } from '../../../../lib/core/index.js';
import { readTrackedCalls } from './tracked-calls.js';

/** `trackRequest` around a function that returns the response, or returns a stream of its chunks. */
export const functionWrapper = readTrackedCalls('function wrapper', {
  generate: trackRequest(async (response) => response, { model: 'm', graph: 'corpus' }),
  stream: trackRequest((chunks: readonly object[]) => ReadableStream.from(chunks), {
    ...{ model: 'm', graph: 'corpus', requestType: 'stream' },
  }),
});
