import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText, wrapLanguageModel } from 'ai';
import { expect } from 'chai';
import { createOllama } from 'ollama-ai-provider-v2';
import { metricsMiddleware } from '../../../lib/core/integrations/metrics-middleware.js';
import { chatLines, startFakeOllama, streamed } from '../../support/fake-ollama.js';
import { chatEvents, errorResponse, type FakeOpenAI, sse, startFakeOpenAI } from '../../support/fake-openai.js';
import { json } from '../../support/fake-server.js';
import { requestCounts } from '../../support/request-counts.js';
import { freshGraph } from '../../support/shared-scrape.js';

const answer = {
  ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'tiny' },
  choices: [{ index: 0, message: { role: 'assistant', content: 'Four.' }, finish_reason: 'length' }],
  usage: { prompt_tokens: 11, completion_tokens: 2, total_tokens: 13 },
};

describe("the AI SDK's middleware", () => {
  let server: FakeOpenAI;
  let reply: () => ReturnType<typeof json>;
  before(async () => {
    server = await startFakeOpenAI({
      chat: (request) => (request.stream ? sse([chatEvents(['Fo', 'ur.'])]) : reply()),
    });
  });
  after(() => server.close());

  const setUp = () => {
    const graph = freshGraph();
    const provider = createOpenAICompatible({ name: 'fake', baseURL: `${server.url}/v1`, includeUsage: true });
    const model = wrapLanguageModel({ model: provider('tiny'), middleware: metricsMiddleware({ graph }) });
    return { graph, model };
  };

  it('records a whole response', async () => {
    const { graph, model } = setUp();
    reply = () => json(answer);
    expect((await generateText({ model, prompt: 'What is 2+2?' })).text).to.equal('Four.');
    expect(await requestCounts(graph)).to.deep.equal({
      ...{ 'requests tiny generate': 1, 'active tiny': 0, 'timed tiny': 1, 'finished tiny length': 1 },
      ...{ 'input tiny': 11, 'output tiny': 2 },
    });
  });

  it('records a stream to its end', async () => {
    const { graph, model } = setUp();
    const { textStream } = streamText({ model, prompt: 'What is 2+2?' });
    const texts: string[] = [];
    for await (const text of textStream) texts.push(text);
    expect(texts.join('')).to.equal('Four.');
    expect(await requestCounts(graph)).to.deep.equal({
      ...{ 'requests tiny stream': 1, 'active tiny': 0, 'timed tiny': 1, 'finished tiny stop': 1 },
      ...{ 'input tiny': 11, 'output tiny': 2, 'first tiny': 1 },
    });
  });

  it('records a stream whose consumer leaves as cancelled', async () => {
    const { graph, model } = setUp();
    const { stream } = await model.doStream({ prompt: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] });
    const reader = stream.getReader();
    await reader.read();
    expect(await requestCounts(graph)).to.include({ 'active tiny': 1 });
    await reader.cancel();
    expect(await requestCounts(graph)).to.include({ 'active tiny': 0, 'finished tiny cancelled': 1 });
  });

  it('records an error response with the error type of the AI SDK', async () => {
    const { graph, model } = setUp();
    reply = () => errorResponse(400, 'no');
    const error = await generateText({ model, prompt: 'x', maxRetries: 0 }).catch((thrown: Error) => thrown);
    expect(error).to.have.property('name', 'AI_APICallError');
    expect(await requestCounts(graph)).to.include({ 'errors APICallError tiny': 1, 'finished tiny error': 1 });
  });

  it('records a stream that cannot be read as an error, once, even if it is aborted later', async () => {
    const graph = freshGraph();
    const aborting = new AbortController();
    const stream = new ReadableStream();
    stream.getReader();
    const step = {
      doStream: async () => ({ stream }),
      params: { abortSignal: aborting.signal },
      model: { modelId: 'tiny' },
    };
    const failed = await metricsMiddleware({ graph })
      .wrapStream(step)
      .catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(TypeError);
    aborting.abort();
    expect(await requestCounts(graph)).to.deep.equal({
      ...{ 'requests tiny stream': 1, 'active tiny': 0, 'timed tiny': 1 },
      ...{ 'finished tiny error': 1, 'errors TypeError tiny': 1, 'input tiny': 0, 'output tiny': 0 },
    });
  });

  it('records a part of type error as an error', async () => {
    const { graph, model } = setUp();
    const parts = [{ type: 'stream-start' }, { type: 'error', error: new RangeError('too long') }];
    const stream = () => ReadableStream.from(parts);
    const { wrapStream } = metricsMiddleware({ graph });
    const { stream: observed } = await wrapStream({ doStream: async () => ({ stream: stream() }), params: {}, model });
    const seen: unknown[] = [];
    for await (const part of observed) seen.push(part);
    expect(seen).to.deep.equal(parts);
    expect(await requestCounts(graph)).to.include({ 'errors RangeError tiny': 1, 'active tiny': 0 });
  });

  it("reads the graph from the call, and works with Ollama's provider", async () => {
    const ollama = await startFakeOllama({
      chat: () => streamed([chatLines(['Four.'], { prompt_eval_count: 26, eval_count: 5 })]),
    });
    const graph = freshGraph();
    const model = wrapLanguageModel({
      model: createOllama({ baseURL: `${ollama.url}/api` })('qwen2.5:0.5b'),
      middleware: metricsMiddleware({ graph: (_model, [{ maxOutputTokens }]) => `${graph}-${maxOutputTokens}` }),
    });
    try {
      expect(await streamText({ model, prompt: 'What is 2+2?', maxOutputTokens: 9 }).text).to.equal('Four.');
    } finally {
      await ollama.close();
    }
    expect(await requestCounts(`${graph}-9`)).to.include({
      ...{ 'requests qwen2.5:0.5b stream': 1, 'finished qwen2.5:0.5b stop': 1 },
      ...{ 'input qwen2.5:0.5b': 26, 'output qwen2.5:0.5b': 5 },
    });
  });
});
