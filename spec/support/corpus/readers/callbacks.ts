import { type LangChainOutput, metricsCallbacks } from '../../../../lib/core/index.js';
import { beginReading, takeReading } from '../reading.js';
import type { CorpusReader } from './corpus-reader.js';

/** LangChain's callbacks, called as LangChain.js calls them. */
export const callbacks: CorpusReader = {
  name: 'callbacks',
  accepts: ({ api }) => api === 'langchain',
  async read({ whole, chunks }) {
    beginReading();
    const handler = metricsCallbacks({ graph: 'corpus' });
    handler.handleChatModelStart({}, [], 'run', undefined, {}, [], { ls_model_name: 'm' });
    for (const message of chunks ?? []) {
      const { content } = message as { readonly content?: unknown };
      const token = typeof content === 'string' ? content : '';
      handler.handleLLMNewToken(token, undefined, 'run', undefined, [], { chunk: { message } });
    }
    const isResult = whole !== undefined && 'generations' in whole;
    handler.handleLLMEnd(
      isResult ? (whole as LangChainOutput) : { generations: [whole === undefined ? [] : [{ message: whole }]] },
      'run',
    );
    return takeReading();
  },
};
