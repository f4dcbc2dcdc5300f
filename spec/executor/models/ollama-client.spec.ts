import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  ModelNotFoundError,
  ModelProtocolError,
  ModelServerError,
  ModelUnavailableError,
} from '../../../lib/core/errors/model-errors.js';
import { OllamaClient } from '../../../lib/executor/models/ollama-client.js';
import { eventually } from '../../support/eventually.js';
import {
  chatLines,
  type FakeOllama,
  type FakeReply,
  json,
  modelMissing,
  startFakeOllama,
  streamed,
} from '../../support/fake-ollama.js';
import { freePort } from '../../support/free-port.js';
import { graphSamples } from '../../support/graph-samples.js';
import { chunksOf, itHandlesServerFaults } from '../../support/model-faults.js';

const counts = { prompt_eval_count: 11, eval_count: 2, load_duration: 2e9, eval_duration: 1e9 };

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('OllamaClient', () => {
  let reply: FakeReply;
  let ollama: FakeOllama;
  let client: OllamaClient;

  before(async () => {
    ollama = await startFakeOllama({ chat: () => reply, embed: () => reply });
    client = new OllamaClient({ host: ollama.url });
  });
  after(() => ollama.close());
  beforeEach(() => {
    reply = streamed([chatLines(['Hello', ' you'], counts)]);
  });

  it('generates an answer with the durations of the server', async () => {
    const { timings, ...answer } = await client.generate({ prompt: 'Hi' });
    expect(answer).to.deep.equal({
      text: 'Hello you',
      model: 'qwen2.5:0.5b',
      finishReason: 'stop',
      usage: { inputTokens: 11, outputTokens: 2 },
    });
    expect(timings).to.include({ reportedLoadSeconds: 2, loadSeconds: 2, outputSeconds: 1 });
  });

  it('sends the instructions, the earlier turns and the prompt in this order', async () => {
    await client.generate({
      prompt: 'And now?',
      system: 'Be brief.',
      history: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello' },
      ],
    });
    expect(ollama.asked.at(-1)).to.deep.include({
      model: 'qwen2.5:0.5b',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: 'And now?' },
      ],
    });
  });

  it('streams the pieces immediately, and omits parts without text', async () => {
    reply = streamed([chatLines(['', 'Hello', ' you'], counts)]);
    expect(await chunksOf(client, { prompt: 'Hi' })).to.deep.equal([
      { text: 'Hello' },
      { text: ' you' },
      {
        text: '',
        finishReason: 'stop',
        usage: { inputTokens: 11, outputTokens: 2 },
        timings: { reportedLoadSeconds: 2, loadSeconds: 2, outputSeconds: 1 },
      },
    ]);
  });

  it('streams the whole text, regardless of how the network splits its bytes', async () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat(), { maxLength: 4 }), async (pieces, cuts) => {
        const whole = Buffer.from(chatLines(pieces));
        const places = [0, ...cuts.map((cut) => cut % whole.length).sort((a, b) => a - b), whole.length];
        reply = streamed(places.slice(1).map((end, index) => whole.subarray(places[index], end)));
        const texts = (await chunksOf(client, { prompt: 'Hi' })).map(({ text }) => text);
        expect(texts.join('')).to.equal(pieces.join(''));
      }),
      { numRuns: 60 },
    );
  });

  it('explains how to start a server that does not respond', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const error = await thrownBy(new OllamaClient({ host }).generate({ prompt: 'Hi' }));
    expect(error).to.be.instanceOf(ModelUnavailableError);
    expect((error as Error).message).to.equal(
      `Ollama does not respond at http://${host} (ECONNREFUSED); start it with \`ollama serve\`, or set OLLAMA_HOST to its address.`,
    );
  });

  it('does not suggest to start a server that closed the connection', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const error = await thrownBy(new OllamaClient({ host }).generate({ prompt: 'Hi' }));
      expect(error).to.be.instanceOf(ModelProtocolError);
      expect((error as Error).message).to.equal(
        `Ollama at http://${host} sent no response (ECONNRESET); check that OLLAMA_HOST is the address of an Ollama server.`,
      );
    } finally {
      server.close();
    }
  });

  it('explains how to download a missing model', async () => {
    reply = modelMissing('tiny');
    const error = await thrownBy(new OllamaClient({ host: ollama.url, model: 'tiny' }).generate({ prompt: 'Hi' }));
    expect(error).to.be.instanceOf(ModelNotFoundError).and.include({ provider: 'ollama', model: 'tiny', status: 404 });
    expect((error as Error).message).to.include('`ollama pull tiny`');
  });

  const text = chatLines(['Hello', ' you']);
  const broken: Readonly<Record<string, readonly [reply: FakeReply, message: RegExp]>> = {
    'an unknown route': [
      { status: 404, contentType: 'text/plain', pieces: ['404 page not found'] },
      /status 404 .*check that OLLAMA_HOST is the address of an Ollama server/,
    ],
    'a web page': [{ contentType: 'text/html', pieces: ['<html>'] }, /responded with a web page/],
    'invalid JSON': [streamed(['hello\n']), /sent a line that is not a JSON object: hello/],
    'an error in the middle': [
      streamed([`${text.slice(0, text.indexOf('\n') + 1)}{"error":"runner crashed"}\n`]),
      /broke off its answer: runner crashed\.$/,
    ],
    'an early end': [streamed([text.slice(0, text.indexOf('\n') + 1)]), /ended its answer before it was complete/],
    'a cut connection': [streamed([text.slice(0, 40)], 'die'), /sent an incomplete or invalid response/],
  };
  for (const [title, [answer, message]] of Object.entries(broken)) {
    it(`throws ModelProtocolError for ${title}, whole or streamed`, async () => {
      reply = answer;
      for (const error of [
        await thrownBy(client.generate({ prompt: 'Hi' })),
        await thrownBy(chunksOf(client, { prompt: 'Hi' })),
      ]) {
        expect(error).to.be.instanceOf(ModelProtocolError).and.have.property('provider', 'ollama');
        expect((error as Error).message)
          .to.match(message)
          .and.not.include('\n');
      }
    });
  }

  const failures: Readonly<Record<string, readonly [reply: FakeReply, message: RegExp]>> = {
    'with a text': [
      json({ error: 'model requires more system memory\n(9 GiB)' }, 500),
      /responded with status 500: model requires more system memory \(9 GiB\)\.$/,
    ],
    'with an object': [json({ error: { message: 'boom' } }, 500), /status 500: boom\.$/],
    'with an endless body': [
      { status: 500, contentType: 'text/plain', pieces: ['x'.repeat(70_000)], ending: 'stay' },
      /responded with status 500 and text\/plain\.$/,
    ],
  };
  for (const [title, [answer, message]] of Object.entries(failures)) {
    it(`reports a server error ${title}`, async () => {
      reply = answer;
      const error = await thrownBy(client.generate({ prompt: 'Hi' }));
      expect(error).to.be.instanceOf(ModelServerError);
      expect((error as Error).message).to.match(message);
    });
  }

  itHandlesServerFaults('ollama', () => ({
    answer: (given) => {
      reply = given;
    },
    clientOf: (model) => new OllamaClient({ host: ollama.url, model }),
    whole: chatLines(['Hello', ' yöu'], counts),
    streamType: 'application/x-ndjson',
    errorResponse: (status, message) => json({ error: message }, status),
    abandoned: () => ollama.abandoned(),
  }));

  it('sends the maximum tokens, temperature, format and keep-alive duration', async () => {
    await client.generate({ prompt: 'Hi' });
    expect(ollama.asked.at(-1)).to.have.all.keys('model', 'messages', 'stream');
    const keeping = (keepAlive: string | number) => new OllamaClient({ host: ollama.url, keepAlive });
    await keeping('5m').generate({ prompt: 'Hi', maxTokens: 7, temperature: 0, format: 'json' });
    expect(ollama.asked.at(-1)).to.deep.include({
      options: { num_predict: 7, temperature: 0 },
      format: 'json',
      keep_alive: '5m',
    });
    for (const [given, sent] of [
      [60, 60],
      ['60', 60],
      ['-1', -1],
      ['-1m', '-1m'],
    ] as const) {
      await keeping(given).generate({ prompt: 'Hi' });
      expect(ollama.asked.at(-1)).to.include({ keep_alive: sent });
    }
  });

  it('computes embeddings, and records metrics', async () => {
    const graph = 'ollama-embed-spec';
    const embedding = new OllamaClient({ host: ollama.url, model: 'all-minilm' });
    const embeddings = [
      [0.5, -1],
      [0, 2],
    ];
    reply = json({ model: 'all-minilm', embeddings, load_duration: 1e9, prompt_eval_count: 8 });
    expect(await embedding.embed({ texts: ['one', 'two'], graph })).to.deep.equal({
      vectors: embeddings,
      model: 'all-minilm',
      usage: { inputTokens: 8 },
      timings: { reportedLoadSeconds: 1, loadSeconds: 1 },
    });
    expect(await thrownBy(embedding.embed({ texts: ['one'], graph }))).to.be.instanceOf(ModelProtocolError);
    reply = modelMissing('all-minilm');
    expect(await thrownBy(embedding.embed({ texts: ['one'], graph }))).to.be.instanceOf(ModelNotFoundError);
    expect(await graphSamples(graph)).to.include({
      'tinyllm_requests_total model="all-minilm" request_type="embed"': 3,
      'tinyllm_tokens_input_total model="all-minilm"': 8,
      'tinyllm_errors_total error_type="ModelProtocolError" model="all-minilm"': 1,
      'tinyllm_active_requests model="all-minilm"': 0,
    });
  });

  it('ends only the call whose signal aborts', async () => {
    reply = streamed([text.slice(0, text.indexOf('\n') + 1)], 'stay');
    const controller = new AbortController();
    const cancelled = client.stream({ prompt: 'one', signal: controller.signal })[Symbol.asyncIterator]();
    expect((await cancelled.next()).value).to.deep.equal({ text: 'Hello' });
    const other = client.stream({ prompt: 'two' })[Symbol.asyncIterator]();
    expect((await other.next()).value).to.deep.equal({ text: 'Hello' });

    const before = ollama.abandoned();
    controller.abort();
    expect(await thrownBy(cancelled.next()))
      .to.equal(controller.signal.reason)
      .and.have.property('name', 'AbortError');
    await eventually(async () => ollama.abandoned() === before + 1);
    await other.return?.(undefined);
    await eventually(async () => ollama.abandoned() === before + 2);
  });

  it('rejects with the reason of a signal that aborts before the call or during it', async () => {
    const signal = AbortSignal.abort(new Error('changed my mind'));
    expect(await thrownBy(client.generate({ prompt: 'Hi', signal }))).to.equal(signal.reason);

    reply = { ...reply, delayMilliseconds: 5000 };
    const timeout = AbortSignal.timeout(20);
    const error = await thrownBy(client.generate({ prompt: 'Hi', signal: timeout }));
    expect(error).to.equal(timeout.reason).and.have.property('name', 'TimeoutError');
  });

  it('sends user and password', async () => {
    await new OllamaClient({ host: ollama.url.replace('//', '//me:secret@') }).generate({ prompt: 'Hi' });
    expect(ollama.headers.at(-1)).to.have.property('authorization', `Basic ${btoa('me:secret')}`);
  });

  it('records metrics, including the load time of the model', async () => {
    const graph = 'ollama-client-spec';
    const measured = new OllamaClient({ host: ollama.url, model: 'measured' });
    await measured.generate({ prompt: 'Hi', graph });
    await chunksOf(measured, { prompt: 'Hi', graph });
    reply = modelMissing('measured');
    await thrownBy(measured.generate({ prompt: 'Hi', graph }));
    expect(await graphSamples(graph)).to.include({
      'tinyllm_requests_total model="measured" request_type="generate"': 2,
      'tinyllm_requests_total model="measured" request_type="stream"': 1,
      'tinyllm_tokens_input_total model="measured"': 22,
      'tinyllm_tokens_output_total model="measured"': 4,
      'tinyllm_errors_total error_type="ModelNotFoundError" model="measured"': 1,
      'tinyllm_active_requests model="measured"': 0,
    });
    const { registry } = await import('../../../lib/core/metrics/shared-registry.js');
    expect(await registry.metrics()).to.match(/tinyllm_model_load_duration_seconds_sum{model="measured"} 4\n/);
  });
});
