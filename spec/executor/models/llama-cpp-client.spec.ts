import { expect } from 'chai';
import {
  ModelNotFoundError,
  ModelRequestError,
  ModelServerError,
  ModelUnavailableError,
} from '../../../lib/core/errors/model-errors.js';
import { ModelFileError } from '../../../lib/executor/errors/model-client-errors.js';
import { LlamaCppClient, type LlamaCppClientOptions } from '../../../lib/executor/models/llama-cpp-client.js';
import { chunksOf } from '../../support/model-faults.js';
import { scraped } from '../../support/shared-scrape.js';
import { StubLlama } from '../../support/stub-llama.js';

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('LlamaCppClient', () => {
  let llama: StubLlama;
  let clients: LlamaCppClient[];
  beforeEach(() => {
    llama = new StubLlama();
    clients = [];
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await llama.remove();
  });

  async function connect(options: Partial<LlamaCppClientOptions> = {}): Promise<LlamaCppClient> {
    const client = new LlamaCppClient({ file: await llama.file(), loadLibrary: llama.load, ...options });
    clients.push(client);
    return client;
  }

  it('answers, and reports the load time once', async () => {
    const client = await connect();
    const first = await client.generate({ prompt: 'Which city?', system: 'Be brief.' });
    expect(first).to.deep.include({ text: 'It is Paris.', model: 'tiny', finishReason: 'stop' });
    expect(first.usage).to.deep.equal({ inputTokens: 4, outputTokens: 3 });
    expect(first.timings.loadSeconds).to.be.above(0);
    expect(first.timings.outputSeconds).to.be.above(0);
    const second = await client.generate({ prompt: 'Which city?' });
    expect(second.timings).not.to.have.property('loadSeconds');
    expect(llama.loads).to.equal(1);
  });

  it('streams in pieces, and cuts the answer at maxTokens', async () => {
    const chunks = await chunksOf(await connect(), { prompt: 'Which city?', maxTokens: 2 });
    expect(chunks.map(({ text }) => text)).to.deep.equal(['It ', 'is ', '']);
    expect(chunks.at(-1)).to.deep.include({ finishReason: 'length', usage: { inputTokens: 2, outputTokens: 2 } });
  });

  it('passes all options of the request to llama.cpp', async () => {
    const client = await connect();
    await client.generate({
      prompt: 'And now?',
      system: 'Be brief.',
      history: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi' },
      ],
      temperature: 0.5,
      format: 'json',
    });
    expect(llama.asked[0]?.history).to.deep.equal([
      { type: 'system', text: 'Be brief.' },
      { type: 'user', text: 'Hello' },
      { type: 'model', response: ['Hi'] },
      { type: 'user', text: 'And now?' },
    ]);
    expect(llama.asked[0]?.options).to.deep.include({ temperature: 0.5, grammar: { type: 'json' } });
    await client.generate({ prompt: 'And now?' });
    expect(llama.asked[1]?.options).to.have.property('temperature', 0.8);
    expect(llama.asked[1]?.options).not.to.have.property('grammar');
  });

  it('limits an answer to the context, and omits turns that do not fit', async () => {
    llama.contextSize = 12;
    const client = await connect();
    await client.generate({
      prompt: 'the sixth question',
      history: [
        { role: 'user', content: 'first second third' },
        { role: 'assistant', content: 'fourth' },
        { role: 'user', content: 'fifth' },
        { role: 'assistant', content: 'ten words would not fit' },
      ],
    });
    expect(llama.asked[0]?.history.map((item) => (item.type === 'model' ? item.response[0] : item.text))).to.deep.equal(
      ['fifth', 'ten words would not fit', 'the sixth question'],
    );
    expect(llama.asked[0]?.options.maxTokens).to.equal(1);
    const error = await thrownBy(client.generate({ prompt: 'word '.repeat(12) }));
    expect(error).to.be.instanceOf(ModelRequestError);
    expect((error as Error).message).to.match(/have 12 tokens, but the context of the model tiny has only 12,.*\.$/);
  });

  it('runs one request at a time, or as many as configured', async () => {
    const ask = (client: LlamaCppClient) => client.generate({ prompt: 'Which city?' });
    const one = await connect();
    const answers = await Promise.all([ask(one), ask(one), ask(one)]);
    expect(answers.map(({ text }) => text)).to.deep.equal(Array(3).fill('It is Paris.'));
    expect([llama.loads, llama.busy.most]).to.deep.equal([1, 1]);
    const two = await connect({ parallel: 2, threads: 3 });
    await Promise.all([ask(two), ask(two), ask(two)]);
    expect(llama.busy.most).to.equal(2);
    expect(llama.contexts.at(-1)).to.deep.equal({ sequences: 2, threads: 3 });
  });

  it("ends with the signal's reason at any stage", async () => {
    const client = await connect();
    const aborted = AbortSignal.abort(new Error('changed my mind'));
    expect(await thrownBy(client.generate({ prompt: 'Hi', signal: aborted }))).to.equal(aborted.reason);
    expect(llama.loads).to.equal(0);

    const loading = new AbortController();
    const whileLoading = thrownBy(client.generate({ prompt: 'Hi', signal: loading.signal }));
    loading.abort(new Error('while it loads'));
    expect(await whileLoading).to.equal(loading.signal.reason);

    const [speaking, waiting] = [new AbortController(), new AbortController()];
    llama.beforeWord = (index) => {
      if (index === 1) speaking.abort(new Error('amid the answer'));
    };
    const chunks = client.stream({ prompt: 'Hi', signal: speaking.signal })[Symbol.asyncIterator]();
    const first = chunks.next();
    const whileWaiting = thrownBy(client.generate({ prompt: 'Hi', signal: waiting.signal }));
    expect((await first).value).to.deep.equal({ text: 'It ' });
    waiting.abort(new Error('while it waits'));
    expect(await whileWaiting).to.equal(waiting.signal.reason);
    expect(await thrownBy(chunks.next())).to.equal(speaking.signal.reason);
    expect((await client.generate({ prompt: 'Hi' })).text).to.equal('It is Paris.');
    expect(llama.asked).to.have.length(2);
  });

  it('stops when its reader leaves', async () => {
    const client = await connect();
    for await (const _ of client.stream({ prompt: 'Hi' })) break;
    await client.generate({ prompt: 'Hi' });
    expect(llama.asked[0]?.options.signal.aborted).to.equal(true);
    expect(llama.busy).to.deep.equal({ now: 0, most: 1 });
  });

  it('releases the memory and aborts running calls on close', async () => {
    const client = await connect();
    const chunks = client.stream({ prompt: 'Hi' })[Symbol.asyncIterator]();
    await chunks.next();
    await client.close();
    expect(llama.disposed).to.equal(1);
    for (const work of [chunks.next(), client.generate({ prompt: 'Hi' })]) {
      expect(await thrownBy(work)).to.be.instanceOf(ModelUnavailableError);
    }
    await client.close();
    expect([llama.loads, llama.disposed]).to.deep.equal([1, 1]);
  });

  it('loads the model again after a problem with its file is resolved', async () => {
    const file = await llama.file('later.gguf', 'hello');
    const client = await connect({ file });
    expect(await thrownBy(client.generate({ prompt: 'Hi' }))).to.be.instanceOf(ModelFileError);
    await llama.file('later.gguf');
    expect((await client.generate({ prompt: 'Hi' })).text).to.equal('It is Paris.');
    const absent = await connect({ file: `${file}.old` });
    expect(await thrownBy(absent.generate({ prompt: 'Hi' }))).to.be.instanceOf(ModelNotFoundError);
  });

  it('reports the error of llama.cpp', async () => {
    llama.beforeWord = () => Promise.reject(new Error('Failed to decode.'));
    const error = await thrownBy((await connect()).generate({ prompt: 'Hi' }));
    expect(error).to.be.instanceOf(ModelServerError);
    expect((error as Error).message).to.equal('llama.cpp failed to answer with the model tiny: Failed to decode.');
  });

  it('records metrics of its requests and of the model', async () => {
    const model = 'measured.Q4_1';
    const client = await connect({ file: await llama.file(`${model}.gguf`) });
    await chunksOf(client, { prompt: 'Which city?', graph: 'trip' });
    await client.generate({ prompt: 'Which city?', graph: 'trip', maxTokens: 1 });
    const of = (name: string, labels: Record<string, string> = {}) => scraped(`tinyllm_${name}`, { model, ...labels });
    expect(await of('model_load_duration_seconds_count')).to.equal(1);
    expect(await of('model_loaded')).to.equal(1);
    expect(await of('model_memory_bytes')).to.equal(1_500);
    expect(await of('model_vram_bytes')).to.equal(200);
    expect(await of('tokens_input_total', { graph: 'trip' })).to.equal(4);
    expect(await of('tokens_output_total', { graph: 'trip' })).to.equal(4);
    expect(await of('time_to_first_token_seconds_count', { graph: 'trip' })).to.equal(1);
    expect(await of('time_per_output_token_seconds_count')).to.equal(1);
    for (const finish_reason of ['stop', 'length']) {
      expect(await of('requests_finished_total', { graph: 'trip', finish_reason })).to.equal(1);
    }
    for (const request_type of ['stream', 'generate']) {
      expect(await of('requests_total', { graph: 'trip', request_type })).to.equal(1);
    }
    await client.close();
    expect(await of('model_loaded')).to.equal(0);
    expect(await of('model_memory_bytes')).to.equal(0);
    expect(await of('active_requests', { graph: 'trip' })).to.equal(0);
  });
});
