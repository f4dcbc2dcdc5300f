import { metricsMiddleware } from '../../../../lib/core/index.js';
import { beginReading, takeReading } from '../reading.js';
import type { CorpusReader } from './corpus-reader.js';

const model = { modelId: 'm' };

/** The AI SDK's middleware, with a language model that returns the response of the case. */
export const middleware: CorpusReader = {
  name: 'middleware',
  accepts: ({ api, name }) => api === 'ai-sdk' && /doGenerate|doStream/.test(name),
  async read({ whole, chunks = [] }) {
    beginReading();
    const { wrapGenerate, wrapStream } = metricsMiddleware({ graph: 'corpus' });
    if (whole !== undefined) {
      await wrapGenerate({ doGenerate: async () => whole, params: {}, model });
      return takeReading();
    }
    const stream = ReadableStream.from(chunks);
    const result = await wrapStream({ doStream: async () => ({ stream }), params: {}, model });
    for await (const _part of result.stream);
    return takeReading();
  },
};
