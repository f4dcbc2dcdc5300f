import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OllamaClient } from '../../../../lib/executor/models/ollama-client.js';
import { OpenAIClient } from '../../../../lib/executor/models/openai-client.js';
import type { CorpusCase } from '../corpus-case.js';
import { beginReading, takeReading } from '../reading.js';
import { type Exchange, exchangeOf } from '../wire.js';
import type { CorpusReader } from './corpus-reader.js';

const apis: ReadonlySet<string> = new Set(['ollama-chat', 'ollama-embed', 'openai-chat', 'openai-embeddings']);

/**
 * The names of cases that these clients don't support. They never request several choices, base64 vectors, the older
 * endpoint or an empty prompt. They ignore the output tokens of embeddings. OpenAI's library throws an error in the
 * response before the client can read the finish reason.
 */
const unsupported =
  /\bn: ?2\b|two choices|base64|older endpoint|unload|load\b|zero output tokens|error chunk with finish reason/i;

/** The executor's clients, with a server that returns the response of the case. */
export const executorClient: CorpusReader = {
  name: 'executor client',
  accepts: ({ api, name }) => apis.has(api) && !unsupported.test(name),
  async read(one) {
    const { status, headers, body } = exchangeOf(one) as Exchange;
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, headers).end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      beginReading();
      await ask(one, `http://127.0.0.1:${(server.address() as AddressInfo).port}`).catch(() => {});
      return await takeReading();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
};

async function ask({ api, chunks, whole }: CorpusCase, host: string): Promise<void> {
  const client = api.startsWith('ollama')
    ? new OllamaClient({ model: 'm', host })
    : new OpenAIClient({ model: 'm', baseUrl: `${host}/v1` });
  const request = { prompt: 'x', graph: 'corpus' };
  if (api.endsWith('embed') || api.endsWith('embeddings')) {
    const { embeddings, data } = Object(whole) as { readonly embeddings?: unknown[]; readonly data?: unknown[] };
    await client.embed({ texts: (embeddings ?? data ?? ['x']).map(String), graph: 'corpus' });
  } else if (chunks === undefined) {
    await client.generate(request);
  } else {
    for await (const _chunk of client.stream(request));
  }
}
