import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { Readable, Writable } from 'node:stream';
import Anthropic from '@anthropic-ai/sdk';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { jsonSchema, streamObject, streamText } from 'ai';
import { MockLanguageModelV3, simulateReadableStream } from 'ai/test';
import { expect } from 'chai';
import OpenAI from 'openai';
import { instrumentModel, TrackRequest, type TrackRequestOptions } from '../lib/core/index.js';
import { eventually } from './support/eventually.js';
import { requestCounts } from './support/request-counts.js';
import { freshGraph } from './support/shared-scrape.js';

const messages = [{ role: 'user' as const, content: 'What is 2+2?' }];

/** The expected counts of a request whose stream has two chunks of output. */
const answered = { 'active m': 0, 'timed m': 1, 'finished m stop': 1, 'input m': 9, 'output m': 2, 'first m': 1 };

const chatChunks = [
  { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] },
  { choices: [{ index: 0, delta: { content: 'Fo' }, finish_reason: null }] },
  { choices: [{ index: 0, delta: { content: 'ur.' }, finish_reason: 'stop' }] },
  { choices: [], usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } },
].map((chunk) => ({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', ...chunk }));

const responseBody = (status: string, usage: object | null) => ({
  ...{ id: 'r1', object: 'response', created_at: 1, model: 'm', status, error: null, incomplete_details: null, usage },
  output: [
    {
      ...{ type: 'message', id: 'i1', role: 'assistant', status: 'completed' },
      content: [{ type: 'output_text', text: 'Four.', annotations: [] }],
    },
  ],
});

const responseEvents = [
  { type: 'response.created', response: { ...responseBody('in_progress', null), output: [] } },
  {
    type: 'response.output_item.added',
    output_index: 0,
    item: { type: 'message', id: 'i1', role: 'assistant', status: 'in_progress', content: [] },
  },
  {
    ...{ type: 'response.content_part.added', item_id: 'i1', output_index: 0, content_index: 0 },
    part: { type: 'output_text', text: '', annotations: [] },
  },
  { type: 'response.output_text.delta', item_id: 'i1', output_index: 0, content_index: 0, delta: 'Four.' },
  { type: 'response.completed', response: responseBody('completed', { input_tokens: 9, output_tokens: 2 }) },
];

const anthropicEvents = [
  {
    type: 'message_start',
    message: {
      ...{ id: 'm1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null },
      usage: { input_tokens: 4, cache_read_input_tokens: 5, output_tokens: 1 },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Fo' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'ur.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
];

/** A `fetch` for clients that returns these events for every request. */
function events(chunks: readonly object[], { broken = false, endMark = '' } = {}): typeof fetch {
  const text = chunks
    .map((chunk) => `${'type' in chunk ? `event: ${chunk.type}\n` : ''}data: ${JSON.stringify(chunk)}\n\n`)
    .join('');
  return async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(text + endMark));
        if (broken) controller.error(new TypeError('terminated'));
        else controller.close();
      },
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  };
}

function json(...bodies: readonly object[]): typeof fetch {
  const left = [...bodies];
  return async () => Response.json(left.length > 1 ? left.shift() : left[0]);
}

/** A class whose decorated method returns what `call` returns. */
function tracked<Result>(call: () => Result, options: TrackRequestOptions = {}) {
  const graph = freshGraph();
  class Client {
    @TrackRequest({ ...options, model: 'm', graph, requestType: 'stream' })
    ask(): Result {
      return call();
    }
  }
  return { graph, ask: () => new Client().ask(), counts: () => requestCounts(graph) };
}

const openai = (answer: typeof fetch) => new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: answer });
const done = 'data: [DONE]\n\n';

describe('streams of client libraries', () => {
  describe("OpenAI's chat stream that a decorated method returns", () => {
    const chat = (answer = events(chatChunks, { endMark: done })) =>
      tracked(() => openai(answer).chat.completions.stream({ model: 'm', messages }));

    it('ends when its caller has awaited the final completion', async () => {
      const { ask, counts } = chat();
      const stream = ask();
      expect(await counts()).to.include({ 'active m': 1 });
      expect((await stream.finalChatCompletion()).choices[0]?.message.content).to.equal('Four.');
      expect(await counts()).to.include(answered);
    });

    it('counts each chunk once when it is iterated', async () => {
      const { ask, counts } = chat();
      let text = '';
      for await (const chunk of ask()) text += chunk.choices[0]?.delta.content ?? '';
      expect(text).to.equal('Four.');
      expect(await counts()).to.include(answered);
    });

    it('ends when its caller has received its events', async () => {
      const { ask, counts } = chat();
      const pieces: string[] = [];
      await ask()
        .on('content', (piece) => pieces.push(piece))
        .done();
      expect(pieces).to.deep.equal(['Fo', 'ur.']);
      expect(await counts()).to.include(answered);
    });

    it('ends when it has been read as a web stream', async () => {
      const { ask, counts } = chat();
      await new Response(ask().toReadableStream()).text();
      expect(await counts()).to.include(answered);
    });

    it('is cancelled when its caller aborts it or stops iterating', async () => {
      const aborted = chat();
      const stream = aborted.ask();
      stream.abort();
      await stream.done().catch(() => {});
      expect(await aborted.counts()).to.include({ 'active m': 0, 'finished m cancelled': 1 });
      const left = chat();
      for await (const _chunk of left.ask()) break;
      await eventually(async () => (await left.counts())['active m'] === 0);
      expect(await left.counts()).to.include({ 'finished m cancelled': 1 });
    });

    it('fails with its error, and its caller gets the error too', async () => {
      const { ask, counts } = chat(events(chatChunks.slice(0, 2), { broken: true }));
      const error = await ask()
        .done()
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      expect(error).to.be.instanceOf(Error);
      expect(await counts()).to.include({ 'active m': 0, 'finished m error': 1 });
    });
  });

  it("sums the tokens of all requests of OpenAI's helper that runs tools", async () => {
    const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
    const call = { id: 't1', type: 'function', function: { name: 'now', arguments: '{}' } };
    const completion = (message: object, reason: string) => ({
      ...{ id: 'c1', object: 'chat.completion', created: 1, model: 'm', usage },
      choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: reason }],
    });
    const answer = json(
      completion({ content: null, tool_calls: [call] }, 'tool_calls'),
      completion({ content: 'Noon.' }, 'stop'),
    );
    const tool = { name: 'now', description: 'The time.', parameters: {}, function: () => 'noon' };
    const { ask, counts } = tracked(() =>
      openai(answer).chat.completions.runTools({
        ...{ model: 'm', messages },
        tools: [{ type: 'function', function: tool as never }],
      }),
    );
    expect(await ask().finalContent()).to.equal('Noon.');
    expect(await counts()).to.include({ 'active m': 0, 'finished m stop': 1, 'input m': 18, 'output m': 4 });
  });

  it("records OpenAI's response stream until its final response", async () => {
    const { ask, counts } = tracked(() =>
      openai(events(responseEvents)).responses.stream({ model: 'm', input: 'What is 2+2?' }),
    );
    expect((await ask().finalResponse()).output_text).to.equal('Four.');
    expect(await counts()).to.include(answered);
  });

  describe("the raw response of OpenAI's client", () => {
    const request = (answer: typeof fetch, stream: boolean) => {
      const graph = freshGraph();
      const client = instrumentModel(openai(answer), { graph });
      return {
        create: () => client.chat.completions.create({ model: 'm', messages, stream }),
        counts: () => requestCounts(graph),
      };
    };
    const streamed = () => request(events(chatChunks, { endMark: done }), true);

    it('ends a streamed request when its body has been read in any way', async () => {
      for (const read of [
        (response: Response) => response.text(),
        (response: Response) => response.arrayBuffer(),
        (response: Response) => response.clone().text(),
        async (response: Response) => {
          for await (const _bytes of response.body ?? []);
        },
        (response: Response) => response.body?.pipeTo(new WritableStream()),
      ]) {
        const { create, counts } = streamed();
        const response = await create().asResponse();
        expect(await counts(), String(read)).to.include({ 'active m': 1 });
        await read(response);
        expect(await counts(), String(read)).to.include(answered);
      }
    });

    it('is cancelled when its body is cancelled', async () => {
      const { create, counts } = streamed();
      await (await create().asResponse()).body?.cancel();
      expect(await counts()).to.include({ 'active m': 0, 'finished m cancelled': 1 });
    });

    it('ends a streamed request when the chunks have been iterated next to the response', async () => {
      const { create, counts } = streamed();
      const { data, response } = await create().withResponse();
      expect(response.status).to.equal(200);
      expect(await counts()).to.include({ 'active m': 1 });
      for await (const _chunk of data as AsyncIterable<unknown>);
      expect(await counts()).to.include(answered);
    });

    it('ends a request when the body of a whole response has been read', async () => {
      const whole = {
        ...{ id: 'c1', object: 'chat.completion', created: 1, model: 'm' },
        choices: [{ index: 0, message: { role: 'assistant', content: 'Four.' }, finish_reason: 'length' }],
        usage: { prompt_tokens: 9, completion_tokens: 2 },
      };
      const { create, counts } = request(json(whole), false);
      expect(await (await create().asResponse()).json()).to.deep.equal(whole);
      expect(await counts()).to.include({ 'active m': 0, 'finished m length': 1, 'input m': 9, 'output m': 2 });
    });
  });

  describe("Anthropic's client", () => {
    const client = (answer: typeof fetch) => new Anthropic({ apiKey: 'k', maxRetries: 0, fetch: answer });
    const asked = { model: 'm', max_tokens: 8, messages };
    const instrumented = (answer: typeof fetch) => {
      const graph = freshGraph();
      return { client: instrumentModel(client(answer), { graph }), counts: () => requestCounts(graph) };
    };

    it('counts whole messages, streams and the stream helper once each', async () => {
      const whole = instrumented(
        json({
          ...{ id: 'm1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: 'max_tokens' },
          usage: { input_tokens: 4, cache_read_input_tokens: 2000, cache_creation_input_tokens: 100, output_tokens: 3 },
        }),
      );
      await whole.client.messages.create(asked);
      expect(await whole.counts()).to.deep.equal({
        ...{ 'requests m generate': 1, 'active m': 0, 'timed m': 1, 'finished m length': 1 },
        ...{ 'input m': 2104, 'output m': 3 },
      });
      const streamed = instrumented(events(anthropicEvents));
      for await (const _event of await streamed.client.messages.create({ ...asked, stream: true }));
      expect(await streamed.counts()).to.include({ ...answered, 'requests m stream': 1 });
      const helper = instrumented(events(anthropicEvents));
      expect(await helper.client.messages.stream(asked).finalText()).to.equal('Four.');
      expect(await helper.counts()).to.include({ ...answered, 'requests m stream': 1 });
    });

    it('records a stream helper that a decorated method returns until its final message', async () => {
      const { ask, counts } = tracked(() => client(events(anthropicEvents)).messages.stream(asked));
      expect((await ask().finalMessage()).stop_reason).to.equal('end_turn');
      expect(await counts()).to.include(answered);
    });
  });

  describe("a result of the AI SDK's streamText that a decorated method returns", () => {
    const usage = {
      inputTokens: { total: 9, noCache: 9, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: 2, text: 2, reasoning: undefined },
    };
    const model = (texts: readonly string[]) =>
      new MockLanguageModelV3({
        doStream: async () => ({
          stream: simulateReadableStream({
            chunks: [
              { type: 'stream-start' as const, warnings: [] },
              { type: 'text-start' as const, id: '1' },
              ...texts.map((delta) => ({ type: 'text-delta' as const, id: '1', delta })),
              { type: 'text-end' as const, id: '1' },
              { type: 'finish' as const, finishReason: { unified: 'stop' as const, raw: 'stop' }, usage },
            ],
          }),
        }),
      });
    const result = () => tracked(() => streamText({ model: model(['Fo', 'ur.']), prompt: 'What is 2+2?' }));

    it('keeps its tokens if the method returns only its streams and promises', async () => {
      const { ask, counts } = tracked(() => {
        const { textStream, usage } = streamText({ model: model(['Fo', 'ur.']), prompt: 'What is 2+2?' });
        return { textStream, usage };
      });
      let text = '';
      for await (const piece of ask().textStream) text += piece;
      expect(text).to.equal('Four.');
      await eventually(async () => (await counts())['active m'] === 0);
      expect(await counts()).to.include(answered);
    });

    it('is followed through the stream that the option `stream` reads from a getter', async () => {
      const { ask, counts } = tracked(
        () => {
          const { fullStream, textStream } = streamText({ model: model(['Fo', 'ur.']), prompt: 'What is 2+2?' });
          return { parts: { fullStream, textStream } };
        },
        { stream: ({ parts }) => parts.fullStream },
      );
      for await (const _part of ask().parts.fullStream);
      expect(await counts()).to.include(answered);
      const getter = tracked(() => streamText({ model: model(['Fo', 'ur.']), prompt: 'What is 2+2?' }), {
        stream: ({ fullStream }) => fullStream,
      });
      for await (const _part of getter.ask().fullStream);
      expect(await getter.counts()).to.include(answered);
    });

    it('of streamObject ends with any of its streams', async () => {
      const object = () =>
        tracked(() =>
          streamObject({
            model: model(['{"sum":', '4}']),
            schema: jsonSchema<{ sum: number }>({ type: 'object', properties: { sum: { type: 'number' } } }),
            prompt: 'What is 2+2?',
          }),
        );
      for (const read of [
        (result: ReturnType<ReturnType<typeof object>['ask']>) => result.partialObjectStream,
        (result: ReturnType<ReturnType<typeof object>['ask']>) => result.fullStream,
        (result: ReturnType<ReturnType<typeof object>['ask']>) => result.textStream,
      ]) {
        const { ask, counts } = object();
        for await (const _part of read(ask()) as AsyncIterable<unknown>);
        await eventually(async () => (await counts())['active m'] === 0);
        expect(await counts()).to.include(answered);
      }
    });

    it('ends when the underlying stream of its promises and streams ends', async () => {
      const awaited = result();
      expect(await awaited.ask().text).to.equal('Four.');
      // The promise is fulfilled before the underlying stream has ended.
      await eventually(async () => (await awaited.counts())['active m'] === 0);
      expect(await awaited.counts()).to.include(answered);
      const iterated = result();
      let text = '';
      for await (const piece of iterated.ask().textStream) text += piece;
      expect(text).to.equal('Four.');
      await eventually(async () => (await iterated.counts())['active m'] === 0);
      expect(await iterated.counts()).to.include(answered);
    });
  });

  it("records the events of LangChain's streamEvents, with the tokens of each model once", async () => {
    class Model extends FakeListChatModel {
      override async *_streamResponseChunks(...args: Parameters<FakeListChatModel['_streamResponseChunks']>) {
        for await (const chunk of super._streamResponseChunks(...args)) {
          const isLast = chunk.text === '.';
          Object.assign(chunk.message, isLast && { usage_metadata: { input_tokens: 9, output_tokens: 2 } });
          yield chunk;
        }
      }
    }
    const { ask, counts } = tracked(() =>
      new Model({ responses: ['Four.'] }).streamEvents('What is 2+2?', { version: 'v2' }),
    );
    let outputs = 0;
    for await (const { event } of ask()) outputs += event === 'on_chat_model_stream' ? 1 : 0;
    expect(outputs).to.equal(5);
    expect(await counts()).to.include(answered);
  });

  describe('other objects', () => {
    it('that contain a stream and a promise of the response end when either one ends', async () => {
      const chunk = { usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 2 }, candidates: [] };
      const both = () => {
        async function* stream() {
          yield { candidates: [{ content: { parts: [{ text: 'Four.' }] }, finishReason: 'STOP' }] };
          yield chunk;
        }
        return { stream: stream(), response: Promise.resolve(chunk) };
      };
      const iterated = tracked(both);
      for await (const _chunk of iterated.ask().stream);
      expect(await iterated.counts()).to.include(answered);
      const awaited = tracked(both);
      await awaited.ask().response;
      expect(await awaited.counts()).to.include({ 'active m': 0, 'finished m stop': 1, 'input m': 9, 'output m': 2 });
    });

    it('that emit events end with their last event', async () => {
      const emitter = new EventEmitter();
      const { ask, counts } = tracked(() => emitter);
      expect(ask()).to.equal(emitter);
      emitter.emit('data', { choices: [{ delta: { content: 'Four.' } }] });
      expect(await counts()).to.include({ 'active m': 1, 'first m': 1 });
      emitter.emit('data', chatChunks[2]);
      emitter.emit('data', chatChunks[3]);
      emitter.emit('end');
      expect(await counts()).to.include(answered);
      const failing = new EventEmitter();
      const failed = tracked(() => failing);
      failed.ask();
      expect(() => failing.emit('error', new RangeError('too long'))).to.throw(RangeError);
      expect(await failed.counts()).to.include({ 'active m': 0, 'errors RangeError m': 1 });
    });

    it('that emit events end immediately if they are not a response, or if the emitter was returned before', async () => {
      const written = new Writable({ write: (_chunk, _encoding, done) => done() });
      for (const result of [written, createServer(), new Map()]) {
        const { ask, counts } = tracked(() => result);
        ask();
        expect(await counts()).to.include({ 'active m': 0, 'finished m stop': 1 });
      }
      const emitter = new EventEmitter();
      const again = tracked(() => emitter);
      again.ask();
      again.ask();
      expect(await again.counts()).to.include({ 'requests m stream': 2, 'active m': 1, 'finished m stop': 1 });
    });

    it('that emit chunks and can also be iterated count each chunk once, whichever way they are read', async () => {
      class Both extends EventEmitter {
        async *[Symbol.asyncIterator]() {
          yield* chatChunks;
        }
        play(): void {
          for (const chunk of chatChunks) this.emit('chunk', chunk);
          this.emit('end');
        }
      }
      const listened = tracked(() => new Both());
      listened.ask().play();
      expect(await listened.counts()).to.include(answered);
      const iterated = tracked(() => new Both());
      for await (const _chunk of iterated.ask());
      expect(await iterated.counts()).to.include(answered);
      const left = tracked(() => new Both());
      for await (const _chunk of left.ask()) break;
      expect(await left.counts()).to.include({ 'active m': 0, 'finished m cancelled': 1 });
    });

    it('that are iterators end when their promise of the whole response settles', async () => {
      class Iterator {
        [Symbol.asyncIterator] = () => this;
        next = async () => ({ done: true, value: undefined });
        finalMessage = async () => ({ finishReason: 'stop', usage: { inputTokens: 9, outputTokens: 2 } });
      }
      const { ask, counts } = tracked(() => new Iterator());
      await ask().finalMessage();
      expect(await counts()).to.include({ 'active m': 0, 'finished m stop': 1, 'input m': 9, 'output m': 2 });
    });

    it('keep their promises and properties unchanged', async () => {
      class Answer {
        response: Promise<string> = Promise.reject(new RangeError('lost'));
        completion = Promise.resolve('a');
        constructor() {
          // Libraries do this for a promise that the caller may not read.
          this.response.catch(() => {});
        }
        async *[Symbol.asyncIterator]() {
          yield 'x';
          this.completion = Promise.resolve('b');
        }
      }
      const answer = new Answer();
      const { completion } = answer;
      const { ask, counts } = tracked(() => answer);
      ask();
      expect(answer.completion).to.equal(completion);
      for await (const _chunk of answer);
      expect(await answer.completion).to.equal('b');
      const both = { stream: answer[Symbol.asyncIterator](), response: answer.response };
      tracked(() => both).ask();
      expect({ ...both }.response).to.equal(answer.response);
      expect(await counts()).to.include({ 'active m': 0, 'finished m stop': 1 });
    });

    it('that contain a Node stream end with the stream, whichever way it is read', async () => {
      for (const read of [
        (stream: Readable) => stream.pipe(new Writable({ write: (_chunk, _encoding, done) => done() })),
        (stream: Readable) => stream.on('data', () => {}),
      ]) {
        const stream = Readable.from(['Four.']);
        const { ask, counts } = tracked(() => ({ stream }));
        read(ask().stream);
        await once(stream, 'close');
        expect(await counts()).to.include({ 'active m': 0, 'finished m stop': 1 });
      }
    });

    it('that read their own stream end when their promise of the whole response settles', async () => {
      class OwnStream {
        async *[Symbol.asyncIterator]() {}
        async finalResponse() {
          return { text: 'Four.', finishReason: 'stop', usage: { inputTokens: 9, outputTokens: 2 } };
        }
        async done() {
          throw new RangeError('too long');
        }
      }
      const complete = tracked(() => new OwnStream());
      expect(await complete.ask().finalResponse()).to.have.property('text', 'Four.');
      expect(await complete.counts()).to.include({ 'active m': 0, 'finished m stop': 1, 'input m': 9, 'output m': 2 });
      const failed = tracked(() => new OwnStream());
      await failed
        .ask()
        .done()
        .catch(() => {});
      expect(await failed.counts()).to.include({ 'active m': 0, 'errors RangeError m': 1 });
    });
  });
});
