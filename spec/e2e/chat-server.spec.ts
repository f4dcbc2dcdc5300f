import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText } from 'ai';
import { expect } from 'chai';
import OpenAI, { AuthenticationError, BadRequestError, InternalServerError, NotFoundError } from 'openai';
import { eventually } from '../support/eventually.js';
import { chatEvents } from '../support/fake-openai.js';
import { sampleValue } from '../support/parse-text.js';
import { sendRaw } from '../support/send-raw.js';
import { type CliProcess, endAllCli, startCli } from '../support/start-cli.js';

const graph = `name: helper
nodes:
  entry: { kind: entry }
  answer: { kind: model, system: Help. }
  exit: { kind: exit }
edges:
  - { from: entry, to: answer }
  - { from: answer, to: exit }
`;
const key = 'a-key-of-the-spec';
const events = chatEvents(['one ', 'two']);
/** The index at which the second text begins. */
const middle = events.indexOf('"two"');

describe('tinyllm serve', function () {
  this.timeout(60_000);
  let folder: string;
  let upstream: Server;
  let asked: { readonly messages: unknown; readonly max_tokens?: number }[];
  /** Responses that wait for their second half. Undefined if responses are sent completely. */
  let waiting: ServerResponse[] | undefined;
  let left: number;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-serve-'));
    await writeFile(join(folder, 'helper.yaml'), graph);
    await writeFile(join(folder, 'keys'), `# of the spec\n${key}\n`);
    upstream = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        asked.push(JSON.parse(body));
        response.on('close', () => {
          if (!response.writableFinished) left++;
        });
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(events.slice(0, middle));
        if (waiting === undefined) response.end(events.slice(middle));
        else waiting.push(response);
      });
    });
    await new Promise<void>((listening) => upstream.listen(0, '127.0.0.1', listening));
  });
  beforeEach(() => {
    asked = [];
    waiting = undefined;
    left = 0;
  });
  afterEach(endAllCli);
  after(async () => {
    upstream.closeAllConnections();
    upstream.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function serve(...flags: readonly string[]): Promise<{ cli: CliProcess; url: string; metrics: string }> {
    const address = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
    const files = ['--graph', join(folder, 'helper.yaml'), '--api-keys-file', join(folder, 'keys')];
    const model = ['--base-url', address, '--model', 'tiny', '--retries', '0'];
    const cli = startCli(['serve', ...files, ...model, '--port', '0', '--metrics-port', '0', ...flags]);
    const [, metrics = ''] = await cli.untilStderr(/serving metrics at (\S+)/);
    const [, url = ''] = await cli.untilStderr(/serving helper at (\S+) with openai, model tiny/);
    return { cli, url, metrics };
  }
  const clientOf = (url: string, apiKey = key) => new OpenAI({ baseURL: url, apiKey, maxRetries: 0 });
  const question = { model: 'helper', messages: [{ role: 'user' as const, content: 'Count to two.' }] };
  const value = async (metrics: string, name: string, labels: Record<string, string> = { graph: 'helper' }) =>
    sampleValue(await (await fetch(metrics)).text(), `tinyllm_${name}`, labels);

  it("works with OpenAI's official client", async () => {
    const { cli, url } = await serve();
    const client = clientOf(url);
    expect((await client.models.list()).data.map(({ id }) => id)).to.deep.equal(['helper']);
    expect(await client.models.retrieve('helper')).to.include({ id: 'helper', object: 'model' });

    const { data: whole, response } = await client.chat.completions
      .create({ ...question, max_tokens: 9 })
      .withResponse();
    expect(whole.choices[0]?.message.content).to.equal('one two');
    expect(whole.choices[0]?.finish_reason).to.equal('stop');
    expect(whole.usage).to.deep.equal({ prompt_tokens: 11, completion_tokens: 2, total_tokens: 13 });
    expect(whole.id).to.equal(`chatcmpl-${response.headers.get('x-request-id')}`);
    expect(asked[0]?.max_tokens).to.equal(9);

    const history = [
      { role: 'developer' as const, content: 'In English.' },
      { role: 'user' as const, content: 'Hello.' },
      { role: 'assistant' as const, content: 'Hello to you.' },
    ];
    const stream = client.chat.completions.stream({
      ...question,
      messages: [...history, ...question.messages],
      stream_options: { include_usage: true },
    });
    const texts: string[] = [];
    stream.on('content', (delta) => texts.push(delta));
    const streamed = await stream.finalChatCompletion();
    expect(texts.filter((text) => text !== '')).to.deep.equal(['one ', 'two']);
    expect(streamed.usage?.total_tokens).to.equal(13);
    expect(asked[1]?.messages).to.deep.equal([
      { role: 'system', content: 'Help.\n\nIn English.' },
      ...history.slice(1),
      ...question.messages,
    ]);
    expect(cli.stderr).to.match(/^\{"level":"info",.*"model":"helper".*"inputTokens":11,"outputTokens":2/m);
    expect(cli.stderr).not.to.include('Count').and.not.to.include('one two').and.not.to.include(key);
  });

  it('rejects requests with errors that the client recognizes', async () => {
    const { url } = await serve('--body-limit', '2k');
    const errorOf = async (fields: object, client = clientOf(url)) =>
      client.chat.completions.create({ ...question, ...fields }).then(
        () => expect.fail('the request succeeded'),
        (error: unknown) => error,
      );
    expect(await errorOf({ model: 'other' }))
      .to.be.instanceOf(NotFoundError)
      .and.include({ code: 'model_not_found', param: 'model' });
    expect(await errorOf({ n: 2 }))
      .to.be.instanceOf(BadRequestError)
      .and.include({ param: 'n' });
    expect(await errorOf({ user: 'u'.repeat(2048) })).to.include({ status: 413, code: 'request_too_large' });
    expect(await errorOf({}, clientOf(url, 'another-key'))).to.be.instanceOf(AuthenticationError);
    const port = Number(new URL(url).port);
    const lengths = 'Content-Length: 3\r\nTransfer-Encoding: chunked';
    for (const nonsense of ['nonsense', `POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\n${lengths}`]) {
      expect(await sendRaw(port, Buffer.from(`${nonsense}\r\n\r\n`))).to.match(/^HTTP\/1.1 400/);
    }
    expect((await clientOf(url).chat.completions.create(question)).choices).to.have.length(1);
  });

  it('works with the AI SDK', async () => {
    const { cli, url } = await serve('--log-prompts');
    const provider = createOpenAICompatible({ name: 'tinyllm', baseURL: url, apiKey: key, includeUsage: true });
    const call = { model: provider('helper'), system: 'In English.', prompt: 'Count to two.', maxRetries: 0 };
    const whole = await generateText(call);
    expect([whole.text, whole.finishReason]).to.deep.equal(['one two', 'stop']);
    expect(whole.usage).to.include({ inputTokens: 11, outputTokens: 2 });
    const streamed = streamText(call);
    const texts: string[] = [];
    for await (const text of streamed.textStream) texts.push(text);
    expect(texts).to.deep.equal(['one ', 'two']);
    expect(await streamed.usage).to.include({ inputTokens: 11, outputTokens: 2 });
    await cli.untilStderr(/"question":"Count to two.".*"answer":"one two"/);
  });

  it('cancels the run and its model request if the client disconnects', async () => {
    const { cli, url, metrics } = await serve('--log-level', 'silent');
    waiting = [];
    const stream = await clientOf(url).chat.completions.create({ ...question, stream: true });
    for await (const _chunk of stream) break;
    const whole = new AbortController();
    const answer = clientOf(url)
      .chat.completions.create(question, { signal: whole.signal })
      .catch((error: unknown) => String(error));
    await eventually(async () => waiting?.length === 2);
    whole.abort();
    expect(await answer).to.match(/abort/i);
    await eventually(async () => (await value(metrics, 'graph_cancelled_total')) === 2);
    await eventually(async () => left === 2);
    expect(await value(metrics, 'active_graphs')).to.equal(0);
    expect(cli.stderr).not.to.include('{');
  });

  it('finishes the requests of 50 clients after SIGTERM, and serves metrics until then', async () => {
    const { cli, url, metrics } = await serve('--concurrency', '8', '--grace', '30');
    waiting = [];
    const client = clientOf(url);
    const answers = Array.from({ length: 50 }, async (_, index) => {
      if (index % 2 === 0) return (await client.chat.completions.create(question)).choices[0]?.message.content;
      let text = '';
      for await (const { choices } of await client.chat.completions.create({ ...question, stream: true })) {
        text += choices[0]?.delta.content ?? '';
      }
      return text;
    });
    await eventually(async () => (await value(metrics, 'queue_size', { priority: 'normal' })) === 42);
    expect(await value(metrics, 'active_graphs')).to.equal(8);
    cli.child.kill('SIGTERM');
    const ready = new URL('/readyz', url);
    await eventually(async () => (await fetch(ready)).status === 503);
    const late: unknown = await client.chat.completions.create(question).catch((error: unknown) => error);
    expect(late).to.be.instanceOf(InternalServerError).and.include({ status: 503, code: 'shutting_down' });
    expect(await value(metrics, 'active_graphs')).to.equal(8);
    for (const response of waiting.splice(0)) response.end(events.slice(middle));
    waiting = undefined;
    expect(await Promise.all(answers)).to.deep.equal(Array(50).fill('one two'));
    expect((await cli.end()).code).to.equal(143);
    expect(asked).to.have.length(50);
  });
});
