import { expect } from 'chai';
import { ModelError, ModelServerError } from '../../../../lib/core/errors/model-errors.js';
import { ModelResponseLimitError } from '../../../../lib/executor/errors/model-client-errors.js';
import { OllamaServer } from '../../../../lib/executor/models/ollama/ollama-server.js';
import { OllamaClient } from '../../../../lib/executor/models/ollama-client.js';
import { OpenAIServer } from '../../../../lib/executor/models/openai/openai-server.js';
import { OpenAIClient } from '../../../../lib/executor/models/openai-client.js';
import { eventually } from '../../../support/eventually.js';
import { startFakeOllama } from '../../../support/fake-ollama.js';
import { startFakeOpenAI } from '../../../support/fake-openai.js';
import type { FakeReply, FakeServer } from '../../../support/fake-server.js';

const mebibyte = 2 ** 20;
const maxResponseBytes = mebibyte;
const prompt = { prompt: 'Hi' };

interface LimitCase {
  readonly reply: FakeReply;
  readonly ask: (url: string) => Promise<unknown>;
  readonly message: RegExp;
  /** The bytes that the limit allows. */
  readonly bytes: number;
}

const repeated = (pieces: FakeReply['pieces'], contentType = 'application/json'): FakeReply => ({
  pieces,
  contentType,
  ending: 'repeat',
});
const blank = ' '.repeat(65_536);
const names = `"${'x'.repeat(1000)}",`.repeat(60);
const errorReply = { ...repeated(['no '.repeat(20_000)], 'text/plain'), status: 500 };
const part = `${JSON.stringify({ message: { content: 'so ' }, done: false })}\n`.repeat(100);
const event = `data: ${JSON.stringify({ choices: [{ delta: { content: 'so ' } }] })}\n\n`.repeat(100);
const events = 'text/event-stream';
const drain = async (parts: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of parts);
};

const ollama = (url: string) => new OllamaClient({ host: url, maxResponseBytes });
const openai = (url: string) => new OpenAIClient({ model: 'm', baseUrl: url, maxResponseBytes });
const longest = {
  sent: /sent more than 1 MiB; if its answers are that long, increase maxResponseBytes, or max_response_bytes in a graph file\.$/,
};

const cases: Readonly<Record<string, LimitCase>> = {
  'an endless list of Ollama': {
    reply: repeated(['{"models":[', names]),
    ask: (url) => new OllamaServer(url).pulledModels(),
    message: /^Ollama at \S+ sent more than 4 MiB; check that OLLAMA_HOST is the address of an Ollama server\.$/,
    bytes: 4 * mebibyte,
  },
  'an endless list of models in memory': {
    reply: repeated(['{"models":[', names]),
    ask: (url) => new OllamaServer(url).residentModels(),
    message: /sent more than 4 MiB/,
    bytes: 4 * mebibyte,
  },
  'an endless version': {
    reply: repeated(['{"version":"', names]),
    ask: (url) => new OllamaServer(url).version(),
    message: /sent more than 4 MiB/,
    bytes: 4 * mebibyte,
  },
  'endless embeddings of Ollama': {
    reply: repeated(['{"embeddings":[[', '0.125,'.repeat(10_000)]),
    ask: (url) => ollama(url).embed({ texts: ['one'] }),
    message: longest.sent,
    bytes: mebibyte,
  },
  'an endless answer of Ollama': {
    reply: repeated([part], 'application/x-ndjson'),
    ask: (url) => ollama(url).generate(prompt),
    message: longest.sent,
    bytes: mebibyte,
  },
  'an endless line of Ollama': {
    reply: repeated(['{"message":"', blank], 'application/x-ndjson'),
    ask: (url) => new OllamaClient({ host: url }).generate(prompt),
    message: /sent a line of more than 1 MiB/,
    bytes: mebibyte,
  },
  'an endless line of a pull': {
    reply: repeated(['{"status":"', blank], 'application/x-ndjson'),
    ask: (url) => drain(new OllamaServer(url).pull('m')),
    message: /sent a line of more than 1 MiB/,
    bytes: mebibyte,
  },
  'an endless list of an OpenAI-compatible server': {
    reply: repeated(['{"data":[', names]),
    ask: (url) => new OpenAIServer({ baseUrl: url }).models(),
    message: /^The OpenAI-compatible server at \S+ sent more than 4 MiB; check that this is the base URL/,
    bytes: 4 * mebibyte,
  },
  'endless embeddings of an OpenAI-compatible server': {
    reply: repeated(['{"data":[', '0.125,'.repeat(10_000)]),
    ask: (url) => openai(url).embed?.({ texts: ['one'] }) ?? Promise.resolve(),
    message: longest.sent,
    bytes: mebibyte,
  },
  'an endless answer of an OpenAI-compatible server': {
    reply: repeated([event], events),
    ask: (url) => openai(url).generate(prompt),
    message: longest.sent,
    bytes: mebibyte,
  },
  'an endless event': {
    reply: repeated(['data: {', blank], events),
    ask: (url) => new OpenAIClient({ model: 'm', baseUrl: url }).generate(prompt),
    message: /sent an event of more than 1 MiB/,
    bytes: mebibyte,
  },
  'an event of endless lines': {
    reply: repeated(['data:\n'.repeat(10_000)], events),
    ask: (url) => new OpenAIClient({ model: 'm', baseUrl: url }).generate(prompt),
    message: /sent an event of more than 1 MiB/,
    bytes: mebibyte,
  },
  'endless JSON in place of events': {
    reply: repeated(['{"choices":"', blank]),
    ask: (url) => new OpenAIClient({ model: 'm', baseUrl: url }).generate(prompt),
    message: /sent JSON of more than 16 MiB/,
    bytes: 16 * mebibyte,
  },
  'endless white space': {
    reply: repeated([blank], events),
    ask: (url) => openai(url).generate(prompt),
    message: longest.sent,
    bytes: mebibyte,
  },
};

describe('limits of responses', () => {
  /** Bytes in the buffers of the operating system and on the connection. */
  const buffered = 12 * mebibyte;

  async function withServer<Result>(reply: FakeReply, work: (server: FakeServer) => Promise<Result>): Promise<Result> {
    const answer = () => reply;
    const server = await startFakeOllama({
      ...{ chat: answer, embed: answer, pull: answer, version: reply, tags: reply, ps: reply },
    });
    const other = await startFakeOpenAI({ chat: answer, embeddings: answer, models: reply });
    try {
      return await work({ ...server, url: `${server.url} ${other.url}`, sent: () => server.sent() + other.sent() });
    } finally {
      await server.close();
      await other.close();
    }
  }

  for (const [title, { reply, ask, message, bytes }] of Object.entries(cases)) {
    it(`ends ${title}`, () =>
      withServer(reply, async (server) => {
        const [ollamaUrl = '', openaiUrl = ''] = server.url.split(' ');
        const isOpenAI = /OpenAI|event|JSON|white/.test(title);
        const error = await ask(isOpenAI ? openaiUrl : ollamaUrl).catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(ModelResponseLimitError);
        expect((error as Error).message).to.match(message);
        expect(server.sent()).to.be.below(bytes + buffered);
      }));
  }

  it('ends an endless error response, and shows its beginning', () =>
    withServer(errorReply, async (server) => {
      const [host = ''] = server.url.split(' ');
      const error = await new OllamaServer(host).version().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(ModelServerError).and.not.instanceOf(ModelResponseLimitError);
      expect((error as Error).message).to.match(/responded with status 500 and text\/plain\.$/);
      expect(server.sent()).to.be.below(mebibyte + buffered);
    }));

  it('closes the connection', async () => {
    const server = await startFakeOllama({ tags: repeated(['{"models":[', names]) });
    await new OllamaServer(server.url).pulledModels().catch(() => undefined);
    await eventually(async () => server.abandoned() === 1);
    await server.close();
  });

  it('does not show the password of the URL', async () => {
    const server = await startFakeOllama({ tags: repeated(['{"models":[', names]) });
    const host = server.url.replace('//', '//me:secret@');
    const error = await new OllamaServer(host).pulledModels().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ModelError);
    expect((error as Error).message)
      .to.include(server.url)
      .and.not.include('secret');
    await server.close();
  });
});
