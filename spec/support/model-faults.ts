import { expect } from 'chai';
import type { ModelChunk, ModelClient, ModelRequest } from '../../lib/executor/models/model-client.js';
import * as errors from './all-errors.js';
import { eventually } from './eventually.js';
import type { FakeReply } from './fake-server.js';
import { graphSamples } from './graph-samples.js';

/** A server's protocol, as far as its faults differ from another's. */
export interface FaultyServer {
  /** Lets the server answer all that follows with this. */
  readonly answer: (reply: FakeReply) => void;
  readonly clientOf: (model: string) => ModelClient;
  /** A whole answer: "Hello", " yöu", and 11 tokens in and 2 out. */
  readonly whole: string;
  readonly streamType: string;
  readonly refuse: (status: number, message: string) => FakeReply;
  readonly abandoned: () => number;
}

interface Fault {
  readonly reply: (server: FaultyServer) => FakeReply;
  /** The class of the error; `TimeoutError` is the signal's own. */
  readonly error: string;
  /** The `error_type`; default the class. */
  readonly type?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  /** When the caller gives up; default never. */
  readonly deadlineMilliseconds?: number;
}

const streamed = ({ streamType }: FaultyServer, text: string, ending: FakeReply['ending'] = 'end'): FakeReply => ({
  contentType: streamType,
  pieces: [text],
  ending,
});

const secondText = ' yöu';
/** The answer torn in the middle of its second piece. */
const half = ({ whole }: FaultyServer): string => whole.slice(0, whole.indexOf(secondText) + 2);
const late = { deadlineMilliseconds: 30, error: 'DOMException', type: 'timeout' };

const faults: Readonly<Record<string, Fault>> = {
  'that dies in the middle': { reply: (s) => streamed(s, half(s), 'die'), error: 'ModelProtocolError' },
  'that ends with half a piece': { reply: (s) => streamed(s, half(s)), error: 'ModelProtocolError' },
  'that ends without having begun': { reply: (s) => streamed(s, ''), error: 'ModelProtocolError' },
  'that sends a web page': {
    reply: () => ({ contentType: 'text/html', pieces: ['<html>'] }),
    error: 'ModelProtocolError',
  },
  'that wants a key': { reply: (s) => s.refuse(401, 'no'), error: 'ModelAccessError', facts: { status: 401 } },
  'that lacks the model': {
    reply: (s) => s.refuse(404, 'no such model'),
    error: 'ModelNotFoundError',
    facts: { status: 404 },
  },
  'that is asked too often': {
    reply: (s) => ({ ...s.refuse(429, 'slow down'), headers: { 'Retry-After': '7' } }),
    error: 'ModelRateLimitError',
    facts: { status: 429, retryAfterSeconds: 7 },
  },
  'that takes no such request': { reply: (s) => s.refuse(400, 'no'), error: 'ModelRequestError' },
  'that fails': { reply: (s) => s.refuse(500, 'out of memory'), error: 'ModelServerError', facts: { status: 500 } },
  'that fails without a word': {
    reply: () => ({ status: 500, contentType: 'text/plain', pieces: [] }),
    error: 'ModelServerError',
  },
  'that has no time': {
    reply: (s) => ({ ...s.refuse(503, 'loading'), headers: { 'Retry-After': 'soon' } }),
    error: 'ModelUnavailableError',
    facts: { status: 503, retryAfterSeconds: undefined },
  },
  'that never answers': { ...late, reply: () => ({ pieces: [], delayMilliseconds: 60_000 }) },
  'that stops in the middle': { ...late, reply: (s) => streamed(s, half(s), 'stay') },
  'that answers after the deadline': { ...late, reply: (s) => ({ ...streamed(s, s.whole), delayMilliseconds: 200 }) },
};

/** Declares what every client of a server does when the server fails it. */
export function itBearsFaults(name: string, server: () => FaultyServer): void {
  for (const [title, { reply, error: expected, type = expected, facts = {}, deadlineMilliseconds }] of Object.entries(
    faults,
  )) {
    it(`tells of a server ${title}, whole and streamed, and is no longer active`, async () => {
      const graph = `${name} ${title}`;
      server().answer(reply(server()));
      const client = server().clientOf('faulty');
      const request = (): ModelRequest => ({
        prompt: 'Hi',
        graph,
        ...(deadlineMilliseconds === undefined ? {} : { signal: AbortSignal.timeout(deadlineMilliseconds) }),
      });
      for (const thrown of [
        await client.generate(request()).catch((error: unknown) => error),
        await chunksOf(client, request()).catch((error: unknown) => error),
      ]) {
        expect(Object(thrown).constructor.name, String(thrown)).to.equal(expected);
        if (thrown instanceof errors.ModelError) {
          expect(thrown).to.include({ provider: client.provider, model: 'faulty', ...facts });
          expect(thrown.message).to.match(/^[^\n]+\.$/);
        }
      }
      const labels = 'model="faulty"';
      expect(await graphSamples(graph)).to.include({
        [`tinyllm_requests_total ${labels} request_type="generate"`]: 1,
        [`tinyllm_requests_total ${labels} request_type="stream"`]: 1,
        [`tinyllm_errors_total error_type="${type}" ${labels}`]: 2,
        [`tinyllm_requests_finished_total ${labels} finish_reason="${type === 'timeout' ? type : 'error'}"`]: 2,
        [`tinyllm_request_latency_seconds_count ${labels}`]: 2,
        [`tinyllm_active_requests ${labels}`]: 0,
      });
    });
  }

  it('answers the same, wherever the network splits it', async () => {
    const { whole, streamType, answer, clientOf } = server();
    const client = clientOf('split');
    const bytes = Buffer.from(whole);
    const everyByte = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    // In two, around the text that has a character of two bytes, and at the ends of its line.
    const second = bytes.indexOf(secondText);
    const places = everyByte.map((_, at) => at).slice(second - 20, bytes.indexOf('\n', second) + 3);
    const splits = places.map((at) => [bytes.subarray(0, at), bytes.subarray(at)]);
    for (const pieces of [everyByte, ...splits]) {
      answer({ contentType: streamType, pieces });
      const chunks = await chunksOf(client, { prompt: 'Hi' });
      expect(chunks.map(({ text }) => text)).to.deep.equal(['Hello', secondText, '']);
      expect(chunks.at(-1)).to.deep.include({ finishReason: 'stop', usage: { inputTokens: 11, outputTokens: 2 } });
    }
  });

  it('is left by a reader who breaks off, and counts that as cancelled', async () => {
    const { whole, streamType, answer, clientOf, abandoned } = server();
    const before = abandoned();
    answer({ contentType: streamType, pieces: [whole.slice(0, whole.indexOf(secondText))], ending: 'stay' });
    const graph = `${name} left`;
    for await (const { text } of clientOf('left').stream({ prompt: 'Hi', graph })) {
      expect(text).to.equal('Hello');
      break;
    }
    await eventually(async () => abandoned() === before + 1);
    expect(await graphSamples(graph)).to.include({
      'tinyllm_requests_finished_total model="left" finish_reason="cancelled"': 1,
      'tinyllm_active_requests model="left"': 0,
    });
  });

  it('measures whole and streamed answers', async () => {
    const { whole, streamType, answer, clientOf } = server();
    const lines = whole.split(/(?<=\n)/);
    answer({ contentType: streamType, pieces: lines });
    const graph = `${name} measured`;
    const client = clientOf('scraped');
    await client.generate({ prompt: 'Hi', graph });
    await chunksOf(client, { prompt: 'Hi', graph });
    const labels = 'model="scraped"';
    expect(await graphSamples(graph)).to.include({
      [`tinyllm_tokens_input_total ${labels}`]: 22,
      [`tinyllm_tokens_output_total ${labels}`]: 4,
      [`tinyllm_request_input_tokens_count ${labels}`]: 2,
      [`tinyllm_request_output_tokens_count ${labels}`]: 2,
      [`tinyllm_time_to_first_token_seconds_count ${labels}`]: 2,
      [`tinyllm_requests_finished_total ${labels} finish_reason="stop"`]: 2,
      [`tinyllm_active_requests ${labels}`]: 0,
    });
  });
}

/** All chunks of a streamed answer. */
export async function chunksOf(client: ModelClient, request: ModelRequest): Promise<ModelChunk[]> {
  const chunks: ModelChunk[] = [];
  for await (const chunk of client.stream(request)) chunks.push(chunk);
  return chunks;
}
