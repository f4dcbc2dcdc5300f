import { expect } from 'chai';
import {
  ModelAccessError,
  ModelError,
  ModelProtocolError,
  ModelUnavailableError,
} from '../../../lib/core/errors/model-errors.js';
import { OpenAIClient } from '../../../lib/executor/models/openai-client.js';
import {
  chatEvents,
  errorResponse,
  event,
  type FakeOpenAI,
  type FakeRequest,
  sse,
  startFakeOpenAI,
} from '../../support/fake-openai.js';
import { type FakeReply, json } from '../../support/fake-server.js';
import { freePort } from '../../support/free-port.js';
import { graphSamples } from '../../support/graph-samples.js';
import { chunksOf, itHandlesServerFaults } from '../../support/model-faults.js';

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

const text = (content: string, finish_reason: string | null = null): string =>
  event({ choices: [{ index: 0, delta: { content }, finish_reason }] });

describe('OpenAIClient', () => {
  let reply: FakeReply | ((request: FakeRequest) => FakeReply);
  let server: FakeOpenAI;
  let client: OpenAIClient;

  before(async () => {
    const replyTo = (request: FakeRequest): FakeReply => (typeof reply === 'function' ? reply(request) : reply);
    server = await startFakeOpenAI({ chat: replyTo, embeddings: replyTo });
    client = new OpenAIClient({ model: 'tiny', baseUrl: server.url });
  });
  after(() => server.close());
  beforeEach(() => {
    reply = sse([chatEvents(['Hello', ' you'])]);
  });

  itHandlesServerFaults('openai', () => ({
    answer: (given) => {
      reply = given;
    },
    clientOf: (model) => new OpenAIClient({ model, baseUrl: server.url }),
    whole: chatEvents(['Hello', ' yöu']),
    streamType: 'text/event-stream',
    errorResponse,
    abandoned: () => server.abandoned(),
  }));

  it('generates an answer with its finish reason and token counts', async () => {
    const answer = await client.generate({ prompt: 'Hi' });
    expect(answer).to.deep.include({
      text: 'Hello you',
      model: 'tiny',
      finishReason: 'stop',
      usage: { inputTokens: 11, outputTokens: 2 },
    });
  });

  it('sends the whole request', async () => {
    await client.generate({
      prompt: 'And now?',
      system: 'Be brief.',
      history: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello' },
      ],
      maxTokens: 7,
      temperature: 0,
      format: 'json',
    });
    expect(server.asked.at(-1)).to.deep.equal({
      model: 'tiny',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: 'And now?' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 7,
      temperature: 0,
      response_format: { type: 'json_object' },
    });
  });

  it('streams the pieces immediately, and the finish reason at the end', async () => {
    expect(await chunksOf(client, { prompt: 'Hi' })).to.deep.equal([
      { text: 'Hello' },
      { text: ' you' },
      { text: '', finishReason: 'stop', usage: { inputTokens: 11, outputTokens: 2 }, timings: {} },
    ]);
  });

  it('measures the time per token, or uses the durations of the server', async () => {
    const graph = 'openai-client-timings';
    reply = sse([...chatEvents(['Hello', ' you']).split(/(?<=\n\n)/)]);
    const measured = new OpenAIClient({ model: 'measured-tokens', baseUrl: server.url });
    await chunksOf(measured, { prompt: 'Hi', graph });
    const stating = new OpenAIClient({ model: 'stated-tokens', baseUrl: server.url });
    reply = sse([
      text('Hello', 'stop'),
      event({
        choices: [],
        usage: { prompt_tokens: 1, completion_tokens: 2 },
        timings: { prompt_ms: 500, predicted_ms: 4000 },
      }),
    ]);
    expect(await stating.generate({ prompt: 'Hi', graph })).to.deep.include({
      timings: { promptSeconds: 0.5, outputSeconds: 4 },
    });
    const { registry } = await import('../../../lib/core/metrics/shared-registry.js');
    const scraped = await registry.metrics();
    expect(scraped).to.match(/tinyllm_time_per_output_token_seconds_sum{model="stated-tokens"} 2\n/);
    expect(scraped).to.match(/tinyllm_time_per_output_token_seconds_count{model="measured-tokens"} 1\n/);
    expect(scraped).to.match(/tinyllm_inter_token_latency_seconds_count{model="measured-tokens"} 2\n/);
  });

  it('adapts its request if the server rejects an option, and remembers that', async () => {
    const picky = new OpenAIClient({ model: 'picky', baseUrl: server.url });
    reply = ({ stream_options, max_tokens, response_format }) => {
      if (stream_options !== undefined)
        return json({ detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options'] }] }, 422);
      if (max_tokens !== undefined)
        return errorResponse(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.");
      if (Object(response_format).type === 'json_object')
        return errorResponse(400, "'response_format.type' must be 'json_schema' or 'text'");
      return sse([chatEvents(['Hello'], null)]);
    };
    const request = { prompt: 'Hi', maxTokens: 5, format: 'json' } as const;
    const before = server.asked.length;
    expect(await picky.generate(request)).to.deep.include({ text: 'Hello', finishReason: 'stop', usage: {} });
    expect(server.asked.length - before).to.equal(4);
    expect(server.asked.at(-1))
      .to.include({ max_completion_tokens: 5 })
      .and.not.have.any.keys('stream_options', 'max_tokens');
    await picky.generate(request);
    expect(server.asked.length - before).to.equal(5);
  });

  it('does not repeat a request that it cannot adapt', async () => {
    reply = errorResponse(400, 'stream_options and max_completion_tokens are both wrong');
    const before = server.asked.length;
    const strict = new OpenAIClient({ model: 'strict', baseUrl: server.url });
    expect(await thrownBy(strict.generate({ prompt: 'Hi' }))).to.have.property('name', 'ModelRequestError');
    expect(server.asked.length - before).to.equal(2);
  });

  it('accepts a whole answer from a server that cannot stream', async () => {
    const answer = {
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello\nyou' }, finish_reason: 'length' }],
      usage: { prompt_tokens: 3, completion_tokens: 2 },
    };
    reply = json(answer);
    expect(await client.generate({ prompt: 'Hi' })).to.deep.equal({
      text: 'Hello\nyou',
      model: 'tiny',
      finishReason: 'length',
      usage: { inputTokens: 3, outputTokens: 2 },
      timings: {},
    });
    reply = { pieces: [JSON.stringify(answer).slice(0, 30)] };
    expect(await thrownBy(client.generate({ prompt: 'Hi' }))).to.be.instanceOf(ModelProtocolError);
  });

  for (const [stated, reason] of [
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool_calls', 'tool_calls'],
    ['content_filter', 'other'],
  ] as const) {
    it(`counts the reason ${stated} as ${reason}`, async () => {
      reply = sse([text('Hello', stated), 'data: [DONE]\n\n']);
      const graph = `openai reason ${stated}`;
      expect((await client.generate({ prompt: 'Hi', graph })).finishReason).to.equal(reason);
      expect(await graphSamples(graph)).to.include({
        [`tinyllm_requests_finished_total model="tiny" finish_reason="${reason}"`]: 1,
      });
    });
  }

  const broken: Readonly<Record<string, readonly [reply: FakeReply, message: RegExp]>> = {
    'an error in the middle': [
      sse([text('Hello'), 'data: {"error":{"message":"out of\\nmemory","code":500}}\n\n']),
      /broke off its answer: out of memory\.$/,
    ],
    'invalid JSON': [sse(['data: hello\n\n']), /sent an incomplete or invalid response \(.*JSON.*\)\.$/],
    'no event at all': [{ contentType: 'text/plain', pieces: ['hello'] }, /ended its answer before it was complete/],
    'an unknown route': [
      { status: 404, contentType: 'text/plain', pieces: ['404'] },
      /status 404 and text\/plain; check that this is the base URL .*\/v1\.$/,
    ],
  };
  for (const [title, [answer, message]] of Object.entries(broken)) {
    it(`throws ModelProtocolError for ${title}`, async () => {
      reply = answer;
      const error = await thrownBy(client.generate({ prompt: 'Hi' }));
      expect(error).to.be.instanceOf(ModelProtocolError);
      expect((error as Error).message)
        .to.match(message)
        .and.not.include('\n');
    });
  }

  it('explains what to do about a server that does not respond', async () => {
    const baseUrl = `http://127.0.0.1:${await freePort()}/v1`;
    const error = await thrownBy(new OpenAIClient({ model: 'tiny', baseUrl }).generate({ prompt: 'Hi' }));
    expect(error).to.be.instanceOf(ModelUnavailableError);
    expect((error as Error).message).to.equal(
      `The OpenAI-compatible server does not respond at ${baseUrl} (ECONNREFUSED); start it, or set OPENAI_BASE_URL or --base-url to its address.`,
    );
  });

  it("ends with the signal's reason", async () => {
    const signal = AbortSignal.abort(new Error('changed my mind'));
    expect(await thrownBy(client.generate({ prompt: 'Hi', signal }))).to.equal(signal.reason);
    reply = sse([text('Hello')], 'stay');
    const controller = new AbortController();
    const chunks = client.stream({ prompt: 'Hi', signal: controller.signal })[Symbol.asyncIterator]();
    expect((await chunks.next()).value).to.deep.equal({ text: 'Hello' });
    controller.abort();
    expect(await thrownBy(chunks.next())).to.equal(controller.signal.reason);
  });

  it('sends its key, and never shows it', async () => {
    const apiKey = 'sk-very-secret';
    const keyed = new OpenAIClient({ model: 'tiny', baseUrl: server.url, apiKey: `${apiKey}\n` });
    await keyed.generate({ prompt: 'Hi' });
    expect(server.headers.at(-1)).to.include({ authorization: `Bearer ${apiKey}` });
    for (const answer of [
      errorResponse(401, `Incorrect API key provided: ${apiKey}.`),
      sse([`data: {"error":{"message":"${apiKey}"}}\n\n`]),
      sse([`data: ${apiKey}\n\n`]),
      { pieces: [apiKey] },
    ]) {
      reply = answer;
      const error = await thrownBy(keyed.generate({ prompt: 'Hi' }));
      expect(error).to.be.instanceOf(ModelError);
      expect((error as Error).message).not.to.include(apiKey);
    }
    expect(() => new OpenAIClient({ model: 'tiny', apiKey: 'two words' }))
      .to.throw(ModelAccessError)
      .with.property('message')
      .that.not.includes('two words');
  });

  it('sends the password of its URL if it has no key', async () => {
    await client.generate({ prompt: 'Hi' });
    expect(server.headers.at(-1)).not.to.have.property('authorization');
    const baseUrl = `${server.url.replace('//', '//me:sec%20ret@')}/v1/`;
    const known = new OpenAIClient({ model: 'tiny', baseUrl });
    await known.generate({ prompt: 'Hi' });
    expect(server.headers.at(-1)).to.include({ authorization: `Basic ${btoa('me:sec ret')}` });
    expect(known.url).to.equal(`${server.url}/v1`);
  });

  it('computes embeddings', async () => {
    const data = [{ embedding: [0.5, -1] }, { embedding: [0, 2] }];
    reply = json({ object: 'list', data, usage: { prompt_tokens: 8, total_tokens: 8 } });
    expect(await client.embed({ texts: ['one', 'two'] })).to.deep.equal({
      vectors: [
        [0.5, -1],
        [0, 2],
      ],
      model: 'tiny',
      usage: { inputTokens: 8 },
      timings: {},
    });
    expect(await thrownBy(client.embed({ texts: ['one'] }))).to.be.instanceOf(ModelProtocolError);
  });
});
