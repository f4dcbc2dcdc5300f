import { expect } from 'chai';
import type { ModelChunk, ModelClient, ModelRequest } from '../../lib/executor/models/model-client.js';
import * as errors from './all-errors.js';
import { eventually } from './eventually.js';
import type { FakeReply } from './fake-server.js';
import { graphSamples } from './graph-samples.js';

/** The parts of a server's protocol that the faults need. */
export interface FaultyServer {
  /** Sets the response to all following requests. */
  readonly answer: (reply: FakeReply) => void;
  readonly clientOf: (model: string) => ModelClient;
  /** The body of a complete streamed response: the texts "Hello" and " yöu", 11 input tokens and 2 output tokens. */
  readonly whole: string;
  readonly streamType: string;
  /** Creates an error response. */
  readonly errorResponse: (status: number, message: string) => FakeReply;
  /** The number of responses that clients left before the end. */
  readonly abandoned: () => number;
}

interface Fault {
  readonly reply: (server: FaultyServer) => FakeReply;
  /** The class of the thrown error. */
  readonly error: string;
  /** The `error_type` label. Default: the class. */
  readonly type?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  /** The timeout of the caller's signal. Default: none. */
  readonly deadlineMilliseconds?: number;
}

const streamed = ({ streamType }: FaultyServer, text: string, ending: FakeReply['ending'] = 'end'): FakeReply => ({
  contentType: streamType,
  pieces: [text],
  ending,
});

const secondText = ' yöu';
/** The response, cut in the middle of the second text. */
const half = ({ whole }: FaultyServer): string => whole.slice(0, whole.indexOf(secondText) + 2);
const late = { deadlineMilliseconds: 30, error: 'DOMException', type: 'timeout' };

const faults: Readonly<Record<string, Fault>> = {
  'that closes the connection in the middle': {
    reply: (s) => streamed(s, half(s), 'die'),
    error: 'ModelProtocolError',
  },
  'that ends in the middle of a piece': { reply: (s) => streamed(s, half(s)), error: 'ModelProtocolError' },
  'that sends an empty body': { reply: (s) => streamed(s, ''), error: 'ModelProtocolError' },
  'that sends a web page': {
    reply: () => ({ contentType: 'text/html', pieces: ['<html>'] }),
    error: 'ModelProtocolError',
  },
  'that requires a key': {
    reply: (s) => s.errorResponse(401, 'no'),
    error: 'ModelAccessError',
    facts: { status: 401 },
  },
  'that does not have the model': {
    reply: (s) => s.errorResponse(404, 'no such model'),
    error: 'ModelNotFoundError',
    facts: { status: 404 },
  },
  'that limits the rate': {
    reply: (s) => ({ ...s.errorResponse(429, 'slow down'), headers: { 'Retry-After': '7' } }),
    error: 'ModelRateLimitError',
    facts: { status: 429, retryAfterSeconds: 7 },
  },
  'that rejects the request': { reply: (s) => s.errorResponse(400, 'no'), error: 'ModelRequestError' },
  'that fails': {
    reply: (s) => s.errorResponse(500, 'out of memory'),
    error: 'ModelServerError',
    facts: { status: 500 },
  },
  'that fails without a message': {
    reply: () => ({ status: 500, contentType: 'text/plain', pieces: [] }),
    error: 'ModelServerError',
  },
  'that is overloaded': {
    reply: (s) => ({ ...s.errorResponse(503, 'loading'), headers: { 'Retry-After': 'soon' } }),
    error: 'ModelUnavailableError',
    facts: { status: 503, retryAfterSeconds: undefined },
  },
  'that never responds': { ...late, reply: () => ({ pieces: [], delayMilliseconds: 60_000 }) },
  'that stops in the middle': { ...late, reply: (s) => streamed(s, half(s), 'stay') },
  'that responds after the deadline': { ...late, reply: (s) => ({ ...streamed(s, s.whole), delayMilliseconds: 200 }) },
};

/** Defines the tests of faults that every client of a model server must pass. */
export function itHandlesServerFaults(name: string, server: () => FaultyServer): void {
  for (const [title, { reply, error: expected, type = expected, facts = {}, deadlineMilliseconds }] of Object.entries(
    faults,
  )) {
    it(`throws and counts an error for a server ${title}, whole and streamed, and ends the request`, async () => {
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

  it('yields the same chunks wherever the network splits the response', async () => {
    const { whole, streamType, answer, clientOf } = server();
    const client = clientOf('split');
    const bytes = Buffer.from(whole);
    const everyByte = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    // The splits in two are around the text with a two-byte character, and around the end of its line.
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

  it('closes the connection if the reader stops early, and counts the request as cancelled', async () => {
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

  it('measures whole and streamed responses', async () => {
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

/** All chunks of a streamed response. */
export async function chunksOf(client: ModelClient, request: ModelRequest): Promise<ModelChunk[]> {
  const chunks: ModelChunk[] = [];
  for await (const chunk of client.stream(request)) chunks.push(chunk);
  return chunks;
}
