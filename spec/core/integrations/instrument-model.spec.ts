import { FakeListChatModel } from '@langchain/core/utils/testing';
import { expect } from 'chai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { IntegrationError } from '../../../lib/core/errors/errors.js';
import { instrumentModel } from '../../../lib/core/integrations/instrument-model.js';
import { chatLines, modelMissing, startFakeOllama, streamed } from '../../support/fake-ollama.js';
import { chatEvents, errorResponse, sse, startFakeOpenAI } from '../../support/fake-openai.js';
import { json } from '../../support/fake-server.js';
import { requestCounts } from '../../support/request-counts.js';
import { freshGraph } from '../../support/shared-scrape.js';

const answer = {
  ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'tiny' },
  choices: [{ index: 0, message: { role: 'assistant', content: 'Four.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 11, completion_tokens: 2, total_tokens: 13 },
};
const messages = [{ role: 'user' as const, content: 'What is 2+2?' }];

describe('an instrumented model', () => {
  describe("that is openai's client", () => {
    const setUp = async (reply = () => json(answer)) => {
      const graph = freshGraph();
      const server = await startFakeOpenAI({
        chat: (request) => (request.stream ? sse([chatEvents(['Fo', 'ur.'])]) : reply()),
        embeddings: () => json({ object: 'list', data: [{ embedding: [1] }], usage: { prompt_tokens: 4 } }),
      });
      const plain = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
      const client = instrumentModel(plain, { graph });
      expect(client).to.equal(plain);
      return { graph, server, client };
    };

    it('records whole responses, streams and embeddings', async () => {
      const { graph, server, client } = await setUp();
      const whole = await client.chat.completions.create({ model: 'tiny', messages });
      expect(whole.choices[0]?.message.content).to.equal('Four.');
      const texts: string[] = [];
      for await (const chunk of await client.chat.completions.create({ model: 'tiny', messages, stream: true })) {
        texts.push(chunk.choices[0]?.delta.content ?? '');
      }
      expect(texts.join('')).to.equal('Four.');
      await client.embeddings.create({ model: 'small', input: 'four', encoding_format: 'float' });
      await server.close();
      expect(await requestCounts(graph)).to.deep.equal({
        ...{ 'requests tiny generate': 1, 'requests tiny stream': 1, 'requests small embed': 1 },
        ...{ 'active tiny': 0, 'active small': 0, 'timed tiny': 2, 'timed small': 1, 'first tiny': 1 },
        ...{ 'finished tiny stop': 2, 'finished small stop': 1 },
        ...{ 'input tiny': 22, 'output tiny': 4, 'input small': 4, 'output small': 0 },
      });
    });

    it('records requests of its helpers once, even if it is instrumented twice', async () => {
      const { graph, server, client } = await setUp();
      instrumentModel(client, { graph });
      const text = await client.chat.completions.stream({ model: 'tiny', messages }).finalContent();
      expect(text).to.equal('Four.');
      await server.close();
      expect(await requestCounts(graph)).to.include({ 'requests tiny stream': 1, 'finished tiny stop': 1 });
    });

    it('records a stream that is split in two, once', async () => {
      const { graph, server, client } = await setUp();
      const stream = await client.chat.completions.create({ model: 'tiny', messages, stream: true });
      for (const half of stream.tee()) {
        const texts: string[] = [];
        for await (const chunk of half) texts.push(chunk.choices[0]?.delta.content ?? '');
        expect(texts.join('')).to.equal('Four.');
      }
      await server.close();
      expect(await requestCounts(graph)).to.include({
        ...{ 'active tiny': 0, 'timed tiny': 1, 'first tiny': 1, 'finished tiny stop': 1, 'output tiny': 2 },
      });
    });

    it('still returns the HTTP response together with the data', async () => {
      const { graph, server, client } = await setUp();
      const { data, response } = await client.chat.completions.create({ model: 'tiny', messages }).withResponse();
      expect([data.model, response.status]).to.deep.equal(['tiny', 200]);
      const bare = await client.chat.completions.create({ model: 'tiny', messages }).asResponse();
      expect(await requestCounts(graph)).to.include({ 'active tiny': 1, 'output tiny': 2 });
      expect(await bare.json()).to.have.property('model', 'tiny');
      await server.close();
      expect(await requestCounts(graph)).to.include({
        ...{ 'requests tiny generate': 2, 'finished tiny stop': 2, 'active tiny': 0, 'output tiny': 4 },
      });
    });

    it('records a parsed response', async () => {
      const { graph, server, client } = await setUp();
      const parsed = await client.chat.completions.parse({ model: 'tiny', messages });
      expect(parsed.choices[0]?.message.content).to.equal('Four.');
      await server.close();
      expect(await requestCounts(graph)).to.include({ 'finished tiny stop': 1, 'active tiny': 0, 'output tiny': 2 });
    });

    it('records an error response, and a stream whose consumer leaves', async () => {
      const { graph, server, client } = await setUp(() => errorResponse(429, 'slow down'));
      await client.chat.completions.create({ model: 'tiny', messages }).catch(() => undefined);
      for await (const _ of await client.chat.completions.create({ model: 'tiny', messages, stream: true })) break;
      await server.close();
      expect(await requestCounts(graph)).to.include({
        ...{
          'errors RateLimitError tiny': 1,
          'finished tiny error': 1,
          'finished tiny cancelled': 1,
          'active tiny': 0,
        },
      });
    });
  });

  it("records Ollama's client, whole and streamed", async () => {
    const graph = freshGraph();
    const server = await startFakeOllama({
      chat: (request) => {
        if (request.model === 'missing') return modelMissing('missing');
        const text = chatLines(['Four.'], { prompt_eval_count: 26, eval_count: 5, load_duration: 2e9 });
        return request.stream ? streamed([text]) : { pieces: [text.trim().split('\n').at(-1) as string] };
      },
    });
    const client = instrumentModel(new Ollama({ host: server.url }), { graph });
    const model = 'qwen2.5:0.5b';
    await client.chat({ model, messages });
    for await (const chunk of await client.chat({ model, messages, stream: true })) expect(chunk.model).to.equal(model);
    await client.chat({ model: 'missing', messages }).catch(() => undefined);
    await server.close();
    expect(await requestCounts(graph)).to.deep.include({
      ...{ [`requests ${model} generate`]: 1, [`requests ${model} stream`]: 1, [`input ${model}`]: 52 },
      ...{ [`output ${model}`]: 10, [`finished ${model} stop`]: 2, [`active ${model}`]: 0, [`first ${model}`]: 1 },
      ...{ 'errors ResponseError missing': 1, 'active missing': 0 },
    });
  });

  it('records a language model of the AI SDK', async () => {
    const graph = freshGraph();
    class LanguageModel {
      readonly modelId = 'tiny';
      readonly #usage = { inputTokens: { total: 3 }, outputTokens: { total: 1 } };
      async doGenerate(_options: object) {
        return { content: [], finishReason: { unified: 'tool-calls', raw: 'x' }, usage: this.#usage };
      }
      async doStream(_options: object) {
        const finish = { type: 'finish', finishReason: { unified: 'stop', raw: 'x' }, usage: this.#usage };
        return { stream: ReadableStream.from([{ type: 'text-delta', delta: 'Four.' }, finish]) };
      }
    }
    const model = instrumentModel(new LanguageModel(), { graph });
    await model.doGenerate({});
    const { stream } = await model.doStream({});
    for await (const part of stream as unknown as AsyncIterable<object>) expect(part).to.have.property('type');
    expect(await requestCounts(graph)).to.include({
      ...{ 'requests tiny generate': 1, 'requests tiny stream': 1, 'finished tiny tool_calls': 1 },
      ...{ 'finished tiny stop': 1, 'input tiny': 6, 'output tiny': 2, 'first tiny': 1 },
    });
  });

  it('records a model of LangChain.js', async () => {
    const graph = freshGraph();
    const model = instrumentModel(new FakeListChatModel({ responses: ['Four.'] }), { graph });
    expect((await model.invoke('What is 2+2?')).content).to.equal('Four.');
    expect(await requestCounts(graph)).to.include({ 'requests unknown generate': 1, 'finished unknown stop': 1 });
  });

  it('rejects an object that is not a model', () => {
    for (const wrong of [{}, new Map(), [], { chat: 1 }]) {
      expect(() => instrumentModel(wrong)).to.throw(
        IntegrationError,
        'expected a client of openai, @anthropic-ai/sdk or ollama',
      );
    }
    expect(() => instrumentModel(null as never)).to.throw(IntegrationError, 'got null');
  });
});
