import Anthropic from '@anthropic-ai/sdk';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { instrumentModel } from '../../../../lib/core/index.js';
import type { CorpusApi } from '../corpus-case.js';
import { beginReading, takeReading } from '../reading.js';
import { type Exchange, exchangeOf } from '../wire.js';
import type { CorpusReader } from './corpus-reader.js';

type Call = (answer: typeof fetch, stream: boolean) => Promise<unknown>;

const options = { graph: 'corpus' };
const openai = (answer: typeof fetch) =>
  instrumentModel(new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: answer, logLevel: 'off' }), options);
const ollama = (answer: typeof fetch) => instrumentModel(new Ollama({ fetch: answer }), options);

/** The call of the official client for each API. The client needs to know whether the response is streamed. */
const calls: Partial<Record<CorpusApi, Call>> = {
  'openai-chat': (answer, stream) =>
    openai(answer).chat.completions.create({ model: 'm', messages: [], stream } as never) as never,
  'openai-completions': (answer, stream) =>
    openai(answer).completions.create({ model: 'm', prompt: '', stream } as never) as never,
  'openai-responses': (answer, stream) =>
    openai(answer).responses.create({ model: 'm', input: '', stream } as never) as never,
  'openai-embeddings': (answer) =>
    openai(answer).embeddings.create({ model: 'm', input: '', encoding_format: 'float' }),
  'anthropic-messages': (answer, stream) =>
    instrumentModel(
      new Anthropic({ apiKey: 'k', maxRetries: 0, fetch: answer, logLevel: 'off' }),
      options,
    ).messages.create({ model: 'm', max_tokens: 9, messages: [], stream } as never) as never,
  'ollama-chat': (answer, stream) => ollama(answer).chat({ model: 'm', messages: [], stream } as never) as never,
  'ollama-generate': (answer, stream) => ollama(answer).generate({ model: 'm', prompt: '', stream } as never) as never,
  'ollama-embed': (answer) => ollama(answer).embed({ model: 'm', input: '' }),
};

/**
 * `instrumentModel` on the official clients of OpenAI, Anthropic and Ollama. Their `fetch` returns the response of the
 * case.
 */
export const instrumentedClient: CorpusReader = {
  name: 'instrumented client',
  blind: { errors: true },
  // The official clients rely on the Content-Type, so they can't read these cases.
  accepts: ({ api, contentType, body }) => calls[api] !== undefined && contentType === undefined && body === undefined,
  async read(one) {
    beginReading();
    const exchange = exchangeOf(one) as Exchange;
    const { status, headers, body } = exchange;
    const answer = async () => new Response(new Uint8Array(body), { status, headers });
    try {
      const result = await calls[one.api]?.(answer, one.chunks !== undefined);
      if (one.chunks !== undefined) for await (const _chunk of result as AsyncIterable<unknown>);
    } catch {
      // The client throws its own error class if the response states an error.
    }
    return takeReading();
  },
};
