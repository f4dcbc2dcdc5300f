import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, type LanguageModel, streamText } from 'ai';
import { expect } from 'chai';
import { Ollama } from 'ollama';
import { createOllama } from 'ollama-ai-provider-v2';
import OpenAI from 'openai';
import { curl as curlProgram, needPrograms } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { chatLines, linesOf, modelMissing, streamed } from '../support/fake-ollama.js';
import { chatEvents, errorResponse, sse } from '../support/fake-openai.js';
import { type FakeReply, type FakeServer, json, startFakeServer } from '../support/fake-server.js';
import { parseText } from '../support/parse-text.js';
import { startTinyllm, type TinyllmProcess } from '../support/tinyllm-process.js';

const model = 'qwen2.5:0.5b';
const texts = ['Vier', ', 🦙', '!'];
const counts = {
  ...{ total_duration: 9e8, load_duration: 2e8, prompt_eval_count: 26, prompt_eval_duration: 1e8 },
  ...{ eval_count: 3, eval_duration: 15e7 },
};
const usage = { prompt_tokens: 26, completion_tokens: 3, total_tokens: 29 };

type Asked = Readonly<Record<string, unknown>>;

/**
 * The responses of a fake Ollama, which uses the wire formats of Ollama's API and OpenAI's API. The real Ollama, which
 * spec/e2e/ollama.spec.ts tests, doesn't return the same response twice and can't be made to break off.
 */
function replyTo(path: string | undefined, asked: Asked): FakeReply | undefined {
  if (asked.model === 'absent')
    return path?.startsWith('/v1/') ? errorResponse(404, "model 'absent' not found") : modelMissing('absent');
  switch (path) {
    case '/api/chat': {
      const lines = chatLines(texts, counts);
      if (asked.model === 'endless') return streamed([lines.slice(0, lines.indexOf('\n') + 1)], 'stay');
      if (asked.model === 'dying') return streamed([lines.slice(0, lines.indexOf('\n') + 1)], 'die');
      if (asked.model === 'zipped') return { ...streamed([gzipSync(lines)]), headers: { 'Content-Encoding': 'gzip' } };
      if (asked.stream !== false) return streamed(halves(lines));
      return json({ ...lastOf(lines), message: { role: 'assistant', content: texts.join('') } });
    }
    case '/api/generate': {
      const last = {
        model,
        created_at: '2026-01-01T00:00:00Z',
        response: '',
        done: true,
        done_reason: 'length',
        ...counts,
      };
      const lines = texts.map((response) => ({ model, created_at: '2026-01-01T00:00:00Z', response, done: false }));
      return asked.stream === false
        ? json({ ...last, response: texts.join('') })
        : streamed(halves(linesOf([...lines, last])));
    }
    case '/api/embed':
      return json({ model, embeddings: [[0.25, -1]], total_duration: 5, load_duration: 2e8, prompt_eval_count: 8 });
    case '/v1/chat/completions':
      if (asked.stream === true) return sse(halves(chatEvents(texts, usage)));
      return json({
        ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1_767_225_600, model, usage },
        choices: [{ index: 0, message: { role: 'assistant', content: texts.join('') }, finish_reason: 'stop' }],
      });
    case '/v1/embeddings':
      return json({
        ...{ object: 'list', model, data: [{ object: 'embedding', index: 0, embedding: [0.25, -1] }] },
        usage: { prompt_tokens: 8, total_tokens: 8 },
      });
    case '/v1/responses':
      return asked.stream === true ? sse(halves(responseEvents())) : json(response('completed'));
    default:
      return undefined;
  }
}

/** Splits a text into two network chunks, in the middle of the emoji if there is one. */
function halves(text: string): Uint8Array[] {
  const bytes = Buffer.from(text);
  const at = bytes.indexOf('🦙') + 2;
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

function lastOf(lines: string): Asked {
  return JSON.parse(lines.trim().split('\n').at(-1) ?? '{}');
}

function response(status: string): Asked {
  const text = { type: 'output_text', text: texts.join(''), annotations: [] };
  const output = [{ type: 'message', id: 'm1', status: 'completed', role: 'assistant', content: [text] }];
  return {
    ...{
      id: 'r1',
      object: 'response',
      created_at: 1_767_225_600,
      model,
      status,
      error: null,
      incomplete_details: null,
    },
    ...(status === 'completed'
      ? { output, usage: { input_tokens: 26, output_tokens: 3, total_tokens: 29 } }
      : { output: [], usage: null }),
  };
}

function responseEvents(): string {
  const deltas = texts.map((delta) => ({ type: 'response.output_text.delta', item_id: 'm1', delta }));
  return [
    { type: 'response.created', response: response('in_progress') },
    ...deltas,
    { type: 'response.completed', response: response('completed') },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}

/** Sends a request with a client, and returns the result that the client received. */
type Question = (url: string) => Promise<unknown>;

async function all<Part>(parts: AsyncIterable<Part>): Promise<Part[]> {
  const seen: Part[] = [];
  for await (const part of parts) seen.push(part);
  return seen;
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  const { name, message, status, status_code } = await work.then(
    () => expect.fail('no error'),
    (error) => error,
  );
  return { name, message, status, status_code };
}

const messages = [{ role: 'user' as const, content: 'Was ist 2 + 2?' }];
const ollama = (host: string): Ollama => new Ollama({ host });
const openai = (url: string): OpenAI => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });
const ollamaModel = (url: string): LanguageModel => createOllama({ baseURL: `${url}/api` })(model);
const compatibleModel = (url: string): LanguageModel =>
  createOpenAICompatible({ name: 'local', baseURL: `${url}/v1`, includeUsage: true })(model);

async function generated(asked: LanguageModel): Promise<unknown> {
  const { text, finishReason, usage: spent } = await generateText({ model: asked, prompt: 'Was ist 2 + 2?' });
  return { text, finishReason, spent };
}

async function streamedText(asked: LanguageModel): Promise<unknown> {
  const stream = streamText({ model: asked, prompt: 'Was ist 2 + 2?' });
  return { parts: await all(stream.textStream), finishReason: await stream.finishReason, spent: await stream.usage };
}

/** The head and body that curl received, without the date and the connection headers. */
async function curl(url: string, body: unknown, ...flags: readonly string[]): Promise<string> {
  const options = [
    '-sS',
    '-i',
    '--max-time',
    '20',
    ...flags,
    '-H',
    'Content-Type: application/json',
    '-d',
    JSON.stringify(body),
  ];
  const { stdout } = await promisify(execFile)('curl', [...options, url]);
  return stdout.replace(/^(?:Date|Connection|Keep-Alive|Transfer-Encoding): .*\r\n/gim, '');
}

const questions: Readonly<Record<string, Question>> = {
  'ollama: a chat': (url) => ollama(url).chat({ model, messages }),
  'ollama: a streamed chat': async (url) => all(await ollama(url).chat({ model, messages, stream: true })),
  'ollama: a completion': (url) => ollama(url).generate({ model, prompt: 'Was?' }),
  'ollama: a streamed completion': async (url) =>
    all(await ollama(url).generate({ model, prompt: 'Was?', stream: true })),
  'ollama: embeddings': (url) => ollama(url).embed({ model, input: 'Was?' }),
  'ollama: an unknown model': (url) => errorOf(ollama(url).chat({ model: 'absent', messages })),
  'ollama: a server that closes the connection during the response': async (url) =>
    errorOf(all(await ollama(url).chat({ model: 'dying', messages, stream: true }))),
  'openai: a chat': (url) => openai(url).chat.completions.create({ model, messages }),
  'openai: a streamed chat': async (url) =>
    all(
      await openai(url).chat.completions.create({
        model,
        messages,
        stream: true,
        stream_options: { include_usage: true },
      }),
    ),
  'openai: embeddings': (url) => openai(url).embeddings.create({ model, input: 'Was?', encoding_format: 'float' }),
  'openai: a response': (url) => openai(url).responses.create({ model, input: 'Was?' }),
  'openai: a streamed response': async (url) =>
    all(await openai(url).responses.create({ model, input: 'Was?', stream: true })),
  'openai: an unknown model': (url) => errorOf(openai(url).chat.completions.create({ model: 'absent', messages })),
  "the AI SDK's Ollama provider: an answer": (url) => generated(ollamaModel(url)),
  "the AI SDK's Ollama provider: a streamed answer": (url) => streamedText(ollamaModel(url)),
  "the AI SDK's OpenAI-compatible provider: an answer": (url) => generated(compatibleModel(url)),
  "the AI SDK's OpenAI-compatible provider: a streamed answer": (url) => streamedText(compatibleModel(url)),
  'curl: a chat': (url) => curl(`${url}/api/chat`, { model, messages, stream: false }),
  'curl: a streamed chat': (url) => curl(`${url}/api/chat`, { model, messages }, '-N'),
  'curl: a streamed chat over HTTP/1.0': (url) => curl(`${url}/v1/chat/completions`, { model, messages }, '-0'),
  'curl: a streamed chat with server-sent events': (url) =>
    curl(`${url}/v1/chat/completions`, { model, messages, stream: true }, '-N'),
  'curl: a compressed chat': (url) => curl(`${url}/api/chat`, { model: 'zipped', messages }, '--compressed'),
  'curl: a request to an unknown path': (url) => curl(`${url}/api/none`, {}),
};

describe('clients of a model server behind tinyllm proxy', function () {
  this.timeout(60_000);
  let upstream: FakeServer;
  let proxy: TinyllmProcess;
  let url: string;
  let scraped: () => Promise<Map<string, number>>;

  before(async function () {
    needPrograms(this, curlProgram);
    upstream = await startFakeServer(({ url: path }, body) => replyTo(path, JSON.parse(body || '{}')));
    proxy = startTinyllm('proxy', '--upstream', upstream.url, '--port', '0', '--metrics-port', '0', '--no-ps');
    url = await eventually(async () => /forwarding (\S+) to/.exec(proxy.printed.stderr)?.[1]);
    const metricsUrl = `${/(http:\S+)\/metrics/.exec(proxy.printed.stderr)?.[1]}/metrics`;
    scraped = async () => samplesIn(await (await fetch(metricsUrl)).text());
  });

  after(async () => {
    await proxy?.close();
    await upstream?.close();
  });

  for (const [title, ask] of Object.entries(questions)) {
    it(`get the same result as without the proxy: ${title}`, async () => {
      expect(await ask(url)).to.deep.equal(await ask(upstream.url));
    });
  }

  it('can abort a stream, and the proxy then disconnects from the server', async () => {
    const before = upstream.abandoned();
    const client = ollama(url);
    const stream = await client.chat({ model: 'endless', messages, stream: true });
    const left = await all(leaving(stream, () => client.abort())).catch((error: Error) => error.name);
    expect(left).to.equal('AbortError');
    await eventually(async () => upstream.abandoned() === before + 1);
  });

  it('are all counted, and nothing else is counted', async () => {
    const found = await eventually(async () => {
      const samples = await scraped();
      return samples.get('tinyllm_requests_finished_total{endless,proxy,cancelled}') === undefined
        ? undefined
        : samples;
    });
    expect(Object.fromEntries([...found].filter(([name]) => counted.test(name)))).to.deep.equal(expected);
  });
});

async function* leaving<Part>(parts: AsyncIterable<Part>, leave: () => void): AsyncGenerator<Part> {
  for await (const part of parts) {
    yield part;
    leave();
  }
}

const counted =
  /^tinyllm_(requests|errors|tokens|active_requests|proxy_uninspected|instrumentation|time_to_first_token_seconds_count|inter_token_latency_seconds_count)/;

/** The keys contain the label values in the order of the text format. */
const expected: Readonly<Record<string, number>> = {
  // Ollama's client, OpenAI's client, the two providers together, and curl send 2 whole and 2 streamed requests each.
  // There are also 2 embedding requests.
  [`tinyllm_requests_total{${model},proxy,generate}`]: 8,
  [`tinyllm_requests_total{${model},proxy,stream}`]: 8,
  [`tinyllm_requests_total{${model},proxy,embed}`]: 2,
  [`tinyllm_requests_finished_total{${model},proxy,stop}`]: 16,
  [`tinyllm_requests_finished_total{${model},proxy,length}`]: 2,
  [`tinyllm_active_requests{${model},proxy}`]: 0,
  [`tinyllm_time_to_first_token_seconds_count{${model},proxy}`]: 8,
  [`tinyllm_inter_token_latency_seconds_count{${model}}`]: 8 * 2,
  [`tinyllm_tokens_input_total{${model},proxy}`]: 16 * 26 + 2 * 8,
  [`tinyllm_tokens_output_total{${model},proxy}`]: 16 * 3,

  'tinyllm_requests_total{absent,proxy,generate}': 2,
  'tinyllm_requests_finished_total{absent,proxy,error}': 2,
  'tinyllm_errors_total{ModelNotFoundError,absent,proxy}': 2,
  'tinyllm_active_requests{absent,proxy}': 0,
  'tinyllm_tokens_input_total{absent,proxy}': 0,
  'tinyllm_tokens_output_total{absent,proxy}': 0,

  'tinyllm_requests_total{dying,proxy,stream}': 1,
  'tinyllm_requests_finished_total{dying,proxy,error}': 1,
  'tinyllm_errors_total{ModelProtocolError,dying,proxy}': 1,
  'tinyllm_time_to_first_token_seconds_count{dying,proxy}': 1,
  'tinyllm_active_requests{dying,proxy}': 0,
  'tinyllm_tokens_input_total{dying,proxy}': 0,
  'tinyllm_tokens_output_total{dying,proxy}': 0,

  'tinyllm_requests_total{zipped,proxy,stream}': 1,
  'tinyllm_requests_finished_total{zipped,proxy,stop}': 1,
  'tinyllm_time_to_first_token_seconds_count{zipped,proxy}': 1,
  'tinyllm_inter_token_latency_seconds_count{zipped}': 2,
  'tinyllm_active_requests{zipped,proxy}': 0,
  'tinyllm_tokens_input_total{zipped,proxy}': 26,
  'tinyllm_tokens_output_total{zipped,proxy}': 3,

  'tinyllm_requests_total{endless,proxy,stream}': 1,
  'tinyllm_requests_finished_total{endless,proxy,cancelled}': 1,
  'tinyllm_time_to_first_token_seconds_count{endless,proxy}': 1,
  'tinyllm_active_requests{endless,proxy}': 0,
  'tinyllm_tokens_input_total{endless,proxy}': 0,
  'tinyllm_tokens_output_total{endless,proxy}': 0,
};

/** All samples by name and label values. */
function samplesIn(text: string): Map<string, number> {
  const samples = parseText(text).flatMap((family) => family.samples);
  return new Map(
    samples.map(({ name, labels, value }) => {
      const { le, ...rest } = labels;
      return [`${name}{${Object.values(rest)}${le === undefined ? '' : `,${le}`}}`, value];
    }),
  );
}
