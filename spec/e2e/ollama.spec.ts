import { expect } from 'chai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { ModelNotFoundError } from 'tinyllm/recording';
import { MetricsCollector } from '../../lib/core/collector/collector.js';
import { getMetricsCollector, registry as sharedRegistry } from '../../lib/core/index.js';
import { SharedRegistry } from '../../lib/core/metrics/shared-registry.js';
import type { ModelClient } from '../../lib/executor/models/model-client.js';
import { OllamaClient } from '../../lib/executor/models/ollama-client.js';
import { OpenAIClient } from '../../lib/executor/models/openai-client.js';
import { type RunningProxy, startProxy } from '../../lib/proxy/forwarding/start-proxy.js';
import { observeExchanges } from '../../lib/proxy/observation/observe-exchanges.js';
import { modelFile, needPrograms, ollama as ollamaProgram } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { type OllamaStatement, statementIn } from '../support/ollama-statements.js';
import { sampleValue } from '../support/parse-text.js';
import { realModelFile } from '../support/real-model.js';
import { RealOllama } from '../support/real-ollama.js';
import { type RecordingRelay, startRecordingRelay } from '../support/recording-relay.js';
import { registryText } from '../support/registry-text.js';
import { requestCountsIn } from '../support/request-counts.js';
import { freshGraph } from '../support/shared-scrape.js';

const model = 'smollm2:135m';
const unknownModel = 'absent';
/** The model answers this prompt in less than 16 tokens. */
const prompt = 'What is the capital of France?';
const messages = [{ role: 'user' as const, content: prompt }];
/** The model's answer to this prompt is longer than 16 tokens. */
const longPrompt = 'Tell me a long story about the sea.';
const longMessages = [{ role: 'user' as const, content: longPrompt }];
const options = { num_predict: 16, temperature: 0 };
const shortOptions = { num_predict: 3, temperature: 0 };
const limits = { max_tokens: 16, temperature: 0 };
const shortLimits = { max_tokens: 3, temperature: 0 };
const usageIncluded = { stream: true, stream_options: { include_usage: true } } as const;

/** The `finish_reason` label for each reason that Ollama states. */
const finishReasons: Readonly<Record<string, string>> = {
  ...{ stop: 'stop', end_turn: 'stop', completed: 'stop' },
  ...{ length: 'length', max_tokens: 'length' },
  ...{ load: 'other', unload: 'other' },
};

interface ExpectedCounts {
  /** The `error_type` label of rejected requests. */
  readonly errorType?: string;
  /** Replaces the types of the requests, because the executor's clients always send streaming requests. */
  readonly requestTypes?: readonly OllamaStatement['requestType'][];
}

/** The counts that Ollama stated for these requests, in the format of `requestCounts`. */
function countsOf(statements: readonly OllamaStatement[], { errorType = '', requestTypes }: ExpectedCounts) {
  const counts: Record<string, number> = {};
  const add = (key: string, count = 0): void => {
    if (count > 0) counts[key] = (counts[key] ?? 0) + count;
  };
  for (const [index, { model, reason = 'stop', ...stated }] of statements.entries()) {
    const requestType = requestTypes?.[index] ?? stated.requestType;
    add(`requests ${model} ${requestType}`, 1);
    add(`timed ${model}`, 1);
    const isRejected = stated.error !== undefined;
    const isTimedByToken = requestTypes === undefined ? requestType === 'stream' : requestType !== 'embed';
    if (isTimedByToken && !isRejected && finishReasons[reason] !== 'other') add(`first ${model}`, 1);
    if (isRejected) add(`errors ${errorType} ${model}`, 1);
    add(`finished ${model} ${isRejected ? 'error' : stated.isCut ? 'cancelled' : finishReasons[reason]}`, 1);
    add(`input ${model}`, stated.inputTokens);
    add(`output ${model}`, stated.outputTokens);
  }
  return counts;
}

/** The counts of a graph in a scrape, without zeros. */
function countsIn(text: string, graph: string): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(requestCountsIn(text, graph)).filter(([, count]) => count !== 0));
}

/** Stops a stream at its first part. Some clients then throw, and others end the stream. */
async function leave(parts: AsyncIterable<unknown>, stop: () => void): Promise<void> {
  const reading = (async () => {
    for await (const _ of parts) stop();
  })();
  await reading.catch(() => {});
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('no error'),
    (error: unknown) => error,
  );
}

async function all<Part>(parts: AsyncIterable<Part>): Promise<readonly Part[]> {
  const seen: Part[] = [];
  for await (const part of parts) seen.push(part);
  return seen;
}

describe('a real Ollama', function () {
  // On busy processors, a response takes several seconds.
  this.timeout(240_000);
  let server: RealOllama;
  let relay: RecordingRelay;

  before(async function () {
    needPrograms(this, ollamaProgram, modelFile);
    server = await RealOllama.start();
    await server.addModel(model, realModelFile);
    relay = await startRecordingRelay(server.url);
  });
  after(async () => {
    await relay?.close();
    await server?.stop();
  });

  /** Compares a graph's counts with the responses since the last call. Returns the statements of these responses. */
  async function expectCounts(
    scrape: () => Promise<string>,
    graph: string,
    expected: ExpectedCounts = {},
  ): Promise<readonly OllamaStatement[]> {
    const statements = (await relay.take()).map(statementIn);
    expect(statements).to.not.be.empty;
    await eventually(
      async () => {
        expect(countsIn(await scrape(), graph)).to.deep.equal(countsOf(statements, expected));
        return true;
      },
      { seconds: 5 },
    );
    return statements;
  }

  /** Reports the models in `/api/ps` to the collector, as the command line does every few seconds. */
  async function reportLoaded(collector: MetricsCollector): Promise<void> {
    const names = await server.loadedModels();
    expect(names).to.include(model);
    for (const name of names) collector.updateModelResidency({ model: name, loaded: true });
    collector.completeModelResidency();
  }

  const loadsIn = (text: string): number =>
    sampleValue(text, 'tinyllm_model_load_duration_seconds_count', { model }) ?? 0;

  describe('behind the proxy', () => {
    const registry = new SharedRegistry();
    const collector = new MetricsCollector(registry);
    const scrape = async (): Promise<string> => registryText(registry);
    let proxy: RunningProxy;
    let graph: string;
    let ollama: Ollama;
    let openai: OpenAI;

    before(async () => {
      proxy = await startProxy({
        upstreams: [relay.url],
        port: 0,
        collector,
        observe: observeExchanges({ collector }),
      });
    });
    beforeEach(async () => {
      await relay.take();
      graph = freshGraph();
      const headers = { 'X-TinyLLM-Graph': graph };
      ollama = new Ollama({ host: proxy.url, headers });
      openai = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: 'none', maxRetries: 0, defaultHeaders: headers });
    });
    after(async () => {
      await proxy?.close();
    });

    /** Sends a request and reads the response to its end. */
    async function post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
      const headers = { 'X-TinyLLM-Graph': graph, 'Content-Type': 'application/json' };
      const sent = { method: 'POST', headers, body: JSON.stringify(body), ...(signal === undefined ? {} : { signal }) };
      const response = await fetch(proxy.url + path, sent);
      return signal === undefined ? new Response(await response.text(), response) : response;
    }

    it('counts /api/chat as Ollama does', async () => {
      await post('/api/chat', { model, messages, stream: false, options });
      await post('/api/chat', { model, messages, options: shortOptions });
      const { message } = await ollama.chat({ model, messages, options });
      expect(message.content).to.include('Paris');
      await all(await ollama.chat({ model, messages, options: shortOptions, stream: true }));
      const stated = await expectCounts(scrape, graph);
      expect(stated.map(({ reason }) => reason)).to.deep.equal(['stop', 'length', 'stop', 'length']);
    });

    it('counts /api/generate as Ollama does', async () => {
      await post('/api/generate', { model, prompt, stream: false, options: shortOptions });
      await post('/api/generate', { model, prompt, options });
      await ollama.generate({ model, prompt, options });
      await all(await ollama.generate({ model, prompt, options: shortOptions, stream: true }));
      const stated = await expectCounts(scrape, graph);
      expect(stated.map(({ reason }) => reason)).to.deep.equal(['length', 'stop', 'stop', 'length']);
    });

    it('counts embeddings as Ollama does', async () => {
      await post('/api/embed', { model, input: 'Good morning' });
      await ollama.embed({ model, input: ['Good morning', 'Good night'] });
      await post('/api/embeddings', { model, prompt: 'Good morning' });
      await openai.embeddings.create({ model, input: ['Good morning', 'Good night'] });
      const stated = await expectCounts(scrape, graph);
      // The older /api/embeddings states no counts.
      expect(stated.map(({ inputTokens }) => inputTokens)).to.deep.equal([2, 4, undefined, 4]);
    });

    it('counts /v1/chat/completions as Ollama does', async () => {
      await post('/v1/chat/completions', { model, messages, ...limits });
      await openai.chat.completions.create({ model, messages, ...shortLimits });
      await all(await openai.chat.completions.create({ model, messages, ...limits, ...usageIncluded }));
      await post('/v1/chat/completions', { model, messages, ...shortLimits, stream: true });
      const stated = await expectCounts(scrape, graph);
      expect(stated.map(({ reason }) => reason)).to.deep.equal(['stop', 'length', 'stop', 'length']);
      // A stream states its usage only on request.
      expect(stated.map(({ outputTokens = 0 }) => outputTokens > 0)).to.deep.equal([true, true, true, false]);
    });

    it('counts /v1/completions as Ollama does', async () => {
      await post('/v1/completions', { model, prompt, ...shortLimits });
      await openai.completions.create({ model, prompt, ...limits });
      await all(await openai.completions.create({ model, prompt, ...shortLimits, ...usageIncluded }));
      await expectCounts(scrape, graph);
    });

    it('counts /v1/responses as Ollama does', async () => {
      const asked = { model, input: prompt, max_output_tokens: 16, temperature: 0 };
      await post('/v1/responses', asked);
      const { output_text: text } = await openai.responses.create(asked);
      expect(text).to.include('Paris');
      await all(await openai.responses.create({ ...asked, stream: true }));
      // Ollama states `completed` even if the token limit ends the response.
      await post('/v1/responses', { ...asked, max_output_tokens: 3 });
      await post('/v1/responses', { ...asked, max_output_tokens: 3, stream: true });
      const stated = await expectCounts(scrape, graph);
      expect(new Set(stated.map(({ reason }) => reason))).to.deep.equal(new Set(['completed']));
    });

    it('counts /v1/messages as Ollama does', async () => {
      await post('/v1/messages', { model, messages, ...limits });
      await post('/v1/messages', { model, messages, ...shortLimits });
      // The first event of a stream contains an estimate of the input tokens. The second to last event contains the
      // count.
      await post('/v1/messages', { model, messages, ...limits, stream: true });
      await post('/v1/messages', { model, messages, ...shortLimits, stream: true });
      const stated = await expectCounts(scrape, graph);
      expect(stated.map(({ reason }) => reason)).to.deep.equal(['end_turn', 'max_tokens', 'end_turn', 'max_tokens']);
      expect(new Set(stated.map(({ inputTokens }) => inputTokens)).size).to.equal(1);
    });

    it('counts an unknown model in /v1/messages as an error', async () => {
      expect((await post('/v1/messages', { model: unknownModel, messages, ...limits })).status).to.equal(404);
      await post('/v1/messages', { model: unknownModel, messages, ...limits, stream: true });
      await expectCounts(scrape, graph, { errorType: 'ModelNotFoundError' });
    });

    it('counts a stream as cancelled if the client leaves', async () => {
      const stop = new AbortController();
      const { body } = await post('/api/chat', { model, messages: longMessages, options }, stop.signal);
      await leave(body!, () => stop.abort());
      await leave(await ollama.generate({ model, prompt: longPrompt, options, stream: true }), () => ollama.abort());
      const asked = { model, messages: longMessages, ...limits, ...usageIncluded };
      const stream = await openai.chat.completions.create(asked);
      await leave(stream, () => stream.controller.abort());
      const stated = await expectCounts(scrape, graph);
      expect(stated.map(({ isCut }) => isCut)).to.deep.equal([true, true, true]);
    });

    it('counts an unknown model as an error', async () => {
      for (const path of ['/api/chat', '/api/generate', '/api/embed', '/api/embeddings', '/v1/chat/completions']) {
        expect((await post(path, { model: unknownModel, messages, prompt, input: prompt })).status, path).to.equal(404);
      }
      await failureOf(ollama.chat({ model: unknownModel, messages, stream: true }));
      await failureOf(openai.chat.completions.create({ model: unknownModel, messages, stream: true }));
      await failureOf(openai.completions.create({ model: unknownModel, prompt }));
      await failureOf(openai.responses.create({ model: unknownModel, input: prompt, stream: true }));
      await failureOf(openai.embeddings.create({ model: unknownModel, input: prompt }));
      const stated = await expectCounts(scrape, graph, { errorType: 'ModelNotFoundError' });
      expect(stated).to.have.length(10);
    });

    it('counts a request that the model does not support as an error', async () => {
      const tool = { name: 'time', description: 'The time', parameters: { type: 'object', properties: {} } };
      const asked = { model, messages, tools: [{ type: 'function' as const, function: tool }] };
      await post('/api/chat', { ...asked, stream: false });
      await failureOf(openai.chat.completions.create(asked));
      const [first] = await expectCounts(scrape, graph, { errorType: 'ModelRequestError' });
      expect(first?.error).to.include('does not support tools');
    });

    it('counts a load and an unload as requests without tokens', async () => {
      await post('/api/generate', { model, prompt: '', stream: false });
      await ollama.generate({ model, prompt: '' });
      await post('/api/chat', { model, messages: [] });
      await post('/api/generate', { model, keep_alive: 0, stream: false });
      await post('/api/generate', { model, keep_alive: 0 });
      const stated = await expectCounts(scrape, graph);
      expect(stated.map(({ reason }) => reason)).to.deep.equal(['load', 'load', 'load', 'unload', 'unload']);
      expect(new Set(stated.map(({ loadSeconds }) => loadSeconds))).to.deep.equal(new Set([undefined]));
    });

    it('counts one model load if the first of several requests loads the model', async () => {
      await server.unload(model);
      const before = loadsIn(await scrape());
      await post('/api/chat', { model, messages, stream: false, options: shortOptions });
      await reportLoaded(collector);
      await post('/api/chat', { model, messages, options: shortOptions });
      await post('/api/generate', { model, prompt, options: shortOptions });
      await post('/api/embed', { model, input: 'Good morning' });
      const stated = await expectCounts(scrape, graph);
      // Ollama states a load duration even if the model is in memory.
      expect(stated.map(({ loadSeconds = 0 }) => loadSeconds > 0)).to.deep.equal([true, true, true, true]);
      expect(loadsIn(await scrape()) - before).to.equal(1);
    });

    it('reads every request and response', async () => {
      expect(await scrape()).to.not.match(/^tinyllm_(proxy_uninspected|instrumentation_errors)_total.* [1-9]/m);
    });
  });

  describe("with the executor's clients", () => {
    const scrape = (): Promise<string> => sharedRegistry.metrics();
    const clients: Readonly<Record<string, (name: string) => ModelClient>> = {
      OllamaClient: (name) => new OllamaClient({ model: name, host: relay.url }),
      OpenAIClient: (name) => new OpenAIClient({ model: name, baseUrl: `${relay.url}/v1` }),
    };
    let graph: string;
    beforeEach(async () => {
      await relay.take();
      graph = freshGraph();
    });

    for (const [name, connect] of Object.entries(clients)) {
      it(`${name} counts whole and streamed responses as Ollama does`, async () => {
        const client = connect(model);
        const whole = await client.generate({ prompt, maxTokens: 16, temperature: 0, graph });
        await client.generate({ prompt, maxTokens: 3, temperature: 0, graph });
        const chunks = await all(client.stream({ prompt, maxTokens: 3, temperature: 0, graph }));
        const requestTypes = ['generate', 'generate', 'stream'] as const;
        const stated = await expectCounts(scrape, graph, { requestTypes });
        expect(stated.map(({ reason }) => reason)).to.deep.equal(['stop', 'length', 'length']);
        expect([whole.finishReason, chunks.at(-1)?.finishReason]).to.deep.equal(['stop', 'length']);
        const usages = [whole.usage, chunks.at(-1)?.usage].map((usage) => [usage?.inputTokens, usage?.outputTokens]);
        const [first, , last] = stated.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]);
        expect(usages).to.deep.equal([first, last]);
      });

      it(`${name} counts embeddings as Ollama does`, async () => {
        const answer = await connect(model).embed?.({ texts: ['Good morning', 'Good night'], graph });
        expect(answer?.vectors.map(({ length }) => length)).to.deep.equal([576, 576]);
        expect(answer?.usage.inputTokens).to.equal(4);
        await expectCounts(scrape, graph);
      });

      it(`${name} counts a stream as cancelled if it is aborted`, async () => {
        const stop = new AbortController();
        const asked = { prompt: longPrompt, maxTokens: 16, temperature: 0, graph, signal: stop.signal };
        await leave(connect(model).stream(asked), () => stop.abort());
        const [stated] = await expectCounts(scrape, graph);
        expect(stated?.isCut).to.equal(true);
      });

      it(`${name} counts an unknown model as an error`, async () => {
        const client = connect(unknownModel);
        expect(await failureOf(client.generate({ prompt, graph }))).to.be.instanceOf(ModelNotFoundError);
        expect(await failureOf(all(client.stream({ prompt, graph })))).to.be.instanceOf(ModelNotFoundError);
        const requestTypes = ['generate', 'stream'] as const;
        await expectCounts(scrape, graph, { errorType: 'ModelNotFoundError', requestTypes });
      });
    }

    it('OllamaClient counts one model load if the first of several calls loads the model', async () => {
      await server.unload(model);
      const before = loadsIn(await scrape());
      const client = clients.OllamaClient!(model);
      await client.generate({ prompt, maxTokens: 3, temperature: 0, graph });
      await reportLoaded(getMetricsCollector());
      for (let call = 0; call < 2; call++) await client.generate({ prompt, maxTokens: 3, temperature: 0, graph });
      await client.embed?.({ texts: ['Good morning'], graph });
      await expectCounts(scrape, graph, { requestTypes: ['generate', 'generate', 'generate', 'embed'] });
      expect(loadsIn(await scrape()) - before).to.equal(1);
    });
  });
});
