import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as startRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ListenError } from '../../../lib/core/errors/errors.js';
import { ModelServerError } from '../../../lib/core/errors/model-errors.js';
import { ApiKeys } from '../../../lib/core/server/api-keys.js';
import { type ChatServer, startChatServer } from '../../../lib/executor/chat-server/chat-server.js';
import type { ChatServerOptions } from '../../../lib/executor/chat-server/chat-server-options.js';
import { ToolError } from '../../../lib/executor/errors/graph-errors.js';
import { ChatServerSettingsError } from '../../../lib/executor/errors/job-errors.js';
import { GraphExecutor } from '../../../lib/executor/graph/executor.js';
import type { ModelClient } from '../../../lib/executor/models/model-client.js';
import { QueueConfigurationError } from '../../../lib/resilience/errors/queue-errors.js';
import { ask } from '../../support/ask.js';
import { eventually } from '../../support/eventually.js';
import { GatedModel } from '../../support/gated-model.js';
import { graphOf, watched } from '../../support/graph-of.js';
import { ScriptedModel } from '../../support/scripted-model.js';
import { scraped } from '../../support/shared-scrape.js';
import { StubModel } from '../../support/stub-model.js';

const parts = graphOf(['ask: { kind: model }'], { way: ['ask'] });

describe('startChatServer', () => {
  let server: ChatServer;
  let graph: string;
  let lines: { readonly level: string; readonly facts: Readonly<Record<string, unknown>> }[];

  /** Serves a graph that sends the question to a model. */
  async function serve(model: ModelClient, options: Partial<ChatServerOptions> = {}): Promise<void> {
    const executor = new GraphExecutor(watched(parts), { model });
    graph = executor.graph.name;
    lines = [];
    const log = (level: string) => (facts: object) => void lines.push({ level, facts: { ...facts } });
    const logger = { info: log('info'), warn: log('warn'), error: log('error') };
    server = await startChatServer({ graphs: [executor], port: 0, logger, ...options });
  }

  function post(fields: object = {}, init: RequestInit = {}): Promise<Response> {
    const body = JSON.stringify({ model: graph, messages: [{ role: 'user', content: 'Why?' }], ...fields });
    const headers = { 'content-type': 'application/json', ...init.headers };
    return fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body, ...init, headers });
  }
  /** A complete HTTP request as text. */
  function requestText(): string {
    const body = JSON.stringify({ model: graph, messages: [{ role: 'user', content: 'Why?' }] });
    const type = 'Content-Type: application/json';
    return `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  }
  const get = (path: string, init?: RequestInit) => fetch(`${server.url}${path}`, init);
  const errorOf = async (response: Response) => ((await response.json()) as { error: Record<string, unknown> }).error;
  const line = () => eventually(async () => lines[0]);

  afterEach(() => server.close({ graceSeconds: 0 }));

  it('returns a complete answer, with the tokens of the run', async () => {
    const model = new StubModel(() => 'Because.');
    await serve(model);
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: 'Why?' },
    ];
    const response = await post({ messages, max_tokens: 9 }, { headers: { 'x-request-id': 'r-1' } });
    expect(response.headers.get('x-request-id')).to.equal('r-1');
    const { created, ...answer } = (await response.json()) as { created: number };
    expect(created).to.be.closeTo(Date.now() / 1000, 60);
    const message = { role: 'assistant', content: 'Because.', refusal: null };
    expect(answer).to.deep.equal({
      id: 'chatcmpl-r-1',
      object: 'chat.completion',
      model: graph,
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    });
    expect(model.requests[0]).to.deep.include({
      prompt: 'Why?',
      system: 'Be brief.',
      history: [{ role: 'assistant', content: 'Hello.' }],
      maxTokens: 9,
    });
  });

  it('streams the answer: role, texts, finish reason, usage', async () => {
    await serve(new StubModel(() => 'Just because.'));
    const response = await post({ stream: true, stream_options: { include_usage: true } });
    expect(response.headers.get('content-type')).to.equal('text/event-stream; charset=utf-8');
    const events = (await response.text()).split('\n\n');
    expect(events.slice(-2)).to.deep.equal(['data: [DONE]', '']);
    const chunks = events.slice(0, -2).map((event) => JSON.parse(event.replace('data: ', '')));
    expect(new Set(chunks.map(({ object, model }) => `${object} ${model}`))).to.deep.equal(
      new Set([`chat.completion.chunk ${graph}`]),
    );
    expect(chunks.map(({ choices, usage }) => [choices[0]?.delta, choices[0]?.finish_reason, usage])).to.deep.equal([
      [{ role: 'assistant', content: '' }, null, null],
      [{ content: 'Just ' }, null, null],
      [{ content: 'because.' }, null, null],
      [{}, 'stop', null],
      [undefined, undefined, { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 }],
    ]);
  });

  it('lists its graphs as models', async () => {
    await serve(new StubModel());
    const { object, data } = (await (await get('/v1/models')).json()) as { object: string; data: { id: string }[] };
    expect(object).to.equal('list');
    expect(data).to.have.length(1);
    expect(data[0]).to.include({ id: graph, object: 'model', owned_by: 'tinyllm' });
    expect(await (await get(`/v1/models/${graph}`)).json()).to.deep.equal(data[0]);
    expect(await errorOf(await get('/v1/models/other'))).to.include({ code: 'model_not_found', param: 'model' });
  });

  it('rejects invalid requests in the error format of OpenAI', async () => {
    await serve(new StubModel(), { bodyLimit: 300 });
    const refused: readonly [Response, number, string][] = [
      [await post({ model: 'other' }), 404, 'model_not_found'],
      [await post({ n: 2 }), 400, 'invalid_value'],
      [await post({}, { body: '{' }), 400, 'invalid_json'],
      [await post({}, { body: '' }), 400, 'invalid_json'],
      [await post({}, { body: '{"__proto__":{}}' }), 400, 'invalid_json'],
      [await post({}, { headers: { 'content-type': 'text/plain' } }), 415, 'invalid_content_type'],
      [await post({ user: 'u'.repeat(300) }), 413, 'request_too_large'],
      [await get('/v1/chat/completions'), 404, 'unknown_url'],
      [await get('/v2?key=secret'), 404, 'unknown_url'],
      [await get('/v1/models/%zz'), 400, 'invalid_url'],
      [await get(`/v1/models/${'m'.repeat(300)}`), 404, 'model_not_found'],
    ];
    for (const [response, status, code] of refused) {
      expect(response.status, code).to.equal(status);
      expect(response.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
      const error = await errorOf(response);
      expect(error).to.have.all.keys('message', 'type', 'param', 'code').and.to.include({ code });
    }
    await eventually(async () => lines.length === refused.length);
    expect(JSON.stringify(lines)).not.to.include('secret').and.not.to.include('"other"');
  });

  it('returns an error status for an error before the first text, streamed or not', async () => {
    await serve(new ScriptedModel('m', [new ModelServerError('Why? broke it.', { provider: 'stub' })]));
    for (const stream of [false, true]) {
      const response = await post({ stream });
      expect(response.status).to.equal(502);
      expect(await errorOf(response)).to.include({ code: 'model_failed', type: 'server_error' });
    }
  });

  it('sends a later error as the last event of a stream', async () => {
    await serve(new ScriptedModel('m', [{ pieces: ['So '], error: new ToolError('Why? broke it.') }]));
    const response = await post({ stream: true });
    expect(response.status).to.equal(200);
    const text = await response.text();
    expect(text)
      .to.include('"So "')
      .and.to.match(/data: \{"error":\{"message":"[^"]+","type":"server_error".*\n\n$/);
    expect(text).not.to.include('[DONE]').and.not.to.include('broke');
    expect(await line()).to.deep.include({ level: 'error' });
  });

  it('sends comments while a graph is working', async () => {
    const model = new GatedModel();
    const slow = graphOf(['first: { kind: model }', 'second: { kind: model }'], { way: ['first', 'second'] });
    const executor = new GraphExecutor(watched(slow), { model });
    await serve(model, { graphs: [executor], pingSeconds: 0.01 });
    const response = await post({ model: executor.graph.name, stream: true });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).to.match(/^: ping\n\n/);
    model.open();
    let rest = '';
    for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) rest += piece.value;
    expect(rest)
      .to.include('"second"')
      .and.to.match(/data: \[DONE\]\n\n$/);
  });

  it('ends the run when the client disconnects, and counts it as cancelled', async () => {
    const model = new GatedModel();
    await serve(model, { concurrency: 1 });
    for (const [index, stream] of [false, true].entries()) {
      const [leaving, leavingFirst] = [new AbortController(), new AbortController()];
      const leave = (signal: AbortSignal) => post({ stream }, { signal }).then((response) => response.text());
      const left = [expectRejection(leave(leaving.signal))];
      await eventually(async () => model.counts.active === 1);
      left.push(expectRejection(leave(leavingFirst.signal)));
      await eventually(async () => (await scraped('tinyllm_queue_size', normal)) === 1);
      leavingFirst.abort();
      await eventually(async () => (await scraped('tinyllm_queue_size', normal)) === 0);
      leaving.abort();
      await Promise.all(left);
      await eventually(async () => (await scraped('tinyllm_graph_cancelled_total', { graph })) === index + 1);
      expect(model.counts).to.deep.equal({ asked: index + 1, active: 0, aborted: index + 1 });
    }
    expect(await scraped('tinyllm_active_graphs', { graph })).to.equal(0);
    await eventually(async () => lines.length === 4);
    for (const { level, facts } of lines)
      expect([level, facts.status, facts.error]).to.deep.equal(['info', 499, undefined]);
  });

  it('rejects requests when its queue is full', async () => {
    const model = new GatedModel();
    await serve(model, { concurrency: 1, maxWaiting: 1 });
    const taken = [post(), post()];
    await eventually(async () => (await scraped('tinyllm_queue_size', normal)) === 1);
    const response = await post();
    expect(response.status).to.equal(503);
    expect(response.headers.get('retry-after')).to.equal('1');
    expect(await errorOf(response)).to.include({ code: 'queue_full' });
    model.open();
    for (const one of await Promise.all(taken)) expect(one.status).to.equal(200);
  });

  it('ends an answer that takes too long', async () => {
    await serve(new GatedModel(), { deadlineSeconds: 0.05 });
    const response = await post();
    expect(response.status).to.equal(504);
    expect(await errorOf(response)).to.include({ code: 'timeout' });
    expect(await (await post({ stream: true })).text()).to.include('"code":"timeout"');
    expect(await scraped('tinyllm_graph_errors_total', { graph, error_type: 'timeout' })).to.equal(2);
  });

  it('requires an API key, except for health checks', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-chat-'));
    await writeFile(join(folder, 'keys'), 'a-good-key\n');
    await serve(new StubModel(), { apiKeys: new ApiKeys(join(folder, 'keys')) });
    await rm(folder, { recursive: true });
    const withKey = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
    expect((await post({}, withKey('a-good-key'))).status).to.equal(200);
    expect((await line()).facts.client).to.match(/^[0-9a-f]{16}$/);
    for (const response of [await post(), await post({}, withKey('another-key')), await get('/v1/models')]) {
      expect(response.status).to.equal(401);
      expect(response.headers.get('www-authenticate')).to.equal('Bearer');
      expect(await errorOf(response)).to.include({ code: 'invalid_api_key' });
    }
    for (const path of ['/healthz', '/readyz']) expect((await get(path)).status).to.equal(200);
  });

  it('rejects web pages that use DNS rebinding', async () => {
    await serve(new StubModel());
    const status = async (host: string) => (await ask(`${server.url}/v1/models`, { headers: { host } })).status;
    expect(await status('evil.example:8080')).to.equal(403);
    expect(await status(`localhost:${server.port}`)).to.equal(200);
    expect(await eventually(async () => lines.find(({ facts }) => facts.code === 'unexpected_host'))).to.have.property(
      'level',
      'warn',
    );
  });

  it('logs one line per request, without the question', async () => {
    await serve(new StubModel(() => 'Because.'));
    await post({}, { headers: { 'x-request-id': 'r-1' } });
    const { level, facts } = await line();
    const { seconds, ...rest } = facts;
    expect([level, typeof seconds]).to.deep.equal(['info', 'number']);
    expect(rest).to.deep.equal({
      id: 'r-1',
      path: 'POST /v1/chat/completions',
      model: graph,
      stream: false,
      provider: 'stub',
      providerModel: 'stub-1',
      inputTokens: 7,
      outputTokens: 3,
      finishReason: 'stop',
      status: 200,
    });
  });

  it('logs questions, answers and error messages only with `logPrompts`', async () => {
    const answers = ['Because.', new ToolError('Why? broke it.')];
    for (const logPrompts of [true, false]) {
      let asked = 0;
      await serve(new StubModel(() => answers[asked++] ?? ''), { logPrompts });
      await post();
      await post();
      await eventually(async () => lines.length === 2);
      const logged = ['"question":"Why?"', '"answer":"Because."', 'Why? broke it.'];
      for (const words of logged) expect(JSON.stringify(lines).includes(words), words).to.equal(logPrompts);
      expect(JSON.stringify(lines)).to.include('"ToolError"');
      await server.close();
    }
  });

  it('reports the shutdown before it closes, and finishes running requests', async () => {
    const model = new GatedModel();
    await serve(model, { concurrency: 1 });
    const underWay = [post({ stream: true }), post()];
    await eventually(async () => (await scraped('tinyllm_queue_size', normal)) === 1);
    expect((await get('/readyz')).status).to.equal(200);
    const closed = server.close({ graceSeconds: 20 });
    const probe = await get('/readyz');
    expect([probe.status, probe.headers.get('connection')]).to.deep.equal([503, 'close']);
    expect((await get('/healthz')).status).to.equal(200);
    const late = await post();
    expect([late.status, late.headers.get('connection')]).to.deep.equal([503, 'close']);
    expect(await errorOf(late)).to.include({ code: 'shutting_down' });
    model.open();
    const [streamed, whole] = await Promise.all(underWay);
    expect(await streamed?.text()).to.match(/data: \[DONE\]\n\n$/);
    expect(whole?.status).to.equal(200);
    await closed;
    expect(await get('/healthz').catch(() => 'gone')).to.equal('gone');
  });

  it('accepts requests during the drain time', async () => {
    await serve(new StubModel());
    const closed = server.close({ drainSeconds: 0.5 });
    expect((await get('/readyz')).status).to.equal(503);
    const response = await post();
    expect([response.status, response.headers.get('connection')]).to.deep.equal([200, 'close']);
    await closed;
  });

  it('aborts requests after the grace period, and returns an error to waiting clients', async () => {
    const model = new GatedModel();
    await serve(model, { concurrency: 1 });
    const streamed = await post({ stream: true });
    const whole = post();
    await eventually(async () => (await scraped('tinyllm_queue_size', normal)) === 1);
    await server.close({ graceSeconds: 0.05 });
    expect(await streamed.text()).to.include('"code":"shutting_down"');
    expect((await whole).status).to.equal(503);
    expect(model.counts).to.deep.equal({ asked: 1, active: 0, aborted: 1 });
    expect(await scraped('tinyllm_queue_active_workers')).to.equal(0);
    expect(await scraped('tinyllm_queue_capacity')).to.equal(0);
  });

  it('closes the connection of an unread answer after the grace period, and logs a disconnected client', async () => {
    await serve(new StubModel(() => 'too long to fit a buffer '.repeat(500_000)));
    const headers = { 'content-type': 'application/json' };
    const asking = startRequest(`${server.url}/v1/chat/completions`, { method: 'POST', headers });
    asking.end(JSON.stringify({ model: graph, messages: [{ role: 'user', content: 'Why?' }] }));
    const [answer] = await once(asking, 'response');
    answer.on('error', () => undefined).pause();
    await server.close({ graceSeconds: 0.05 });
    expect((await line()).facts).to.include({ status: 499 });
  });

  it('closes the connection of an answer that stays unread for too long', async () => {
    await serve(new StubModel(() => 'too long to fit a buffer '.repeat(500_000)), { stallSeconds: 0.1 });
    const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
    socket.pause().write(requestText());
    expect((await line()).facts).to.include({ status: 499 });
    socket.destroy();
  });

  it('answers the requests of a connection one at a time, in order', async () => {
    const model = new GatedModel();
    await serve(model);
    const socket = connect(server.port, '127.0.0.1').setEncoding('utf8');
    let received = '';
    socket.on('data', (text) => {
      received += text;
    });
    socket.write(requestText().repeat(3));
    await eventually(async () => model.counts.asked === 1);
    await get('/readyz');
    expect(model.counts.asked).to.equal(1);
    model.open();
    await eventually(async () => received.match(/"finish_reason":"stop"/g)?.length === 3);
    expect(model.counts).to.deep.equal({ asked: 3, active: 0, aborted: 0 });
    socket.destroy();
  });

  it('closes a connection that pipelines too many requests, and ends its run', async () => {
    const model = new GatedModel();
    await serve(model);
    const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
    socket.resume().write(requestText().repeat(256));
    await once(socket, 'close');
    await eventually(async () => model.counts.active === 0);
    expect(model.counts.asked).to.be.at.most(1);
    expect(await scraped('tinyllm_queue_size', normal)).to.equal(0);
  });

  it('limits connections: a new connection replaces an idle one, or is closed', async () => {
    const model = new GatedModel();
    await serve(model, { maxConnections: 2 });
    const open = () =>
      connect(server.port, '127.0.0.1')
        .on('error', () => undefined)
        .resume();
    const [idle, busy] = [open(), open()];
    busy.write(requestText());
    await eventually(async () => model.counts.active === 1);
    const evicted = once(idle, 'close');
    const second = open();
    second.write(requestText());
    await evicted;
    await eventually(async () => model.counts.active === 2);
    const refused = open();
    await once(refused, 'close');
    expect(model.counts).to.deep.equal({ asked: 2, active: 2, aborted: 0 });
    for (const socket of [busy, second]) socket.destroy();
    await eventually(async () => model.counts.active === 0);
  });

  it('closes the oldest incomplete request when the maximum sizes of all incomplete requests add up to more than 64 MiB', async () => {
    await serve(new StubModel(), { bodyLimit: 32 * 2 ** 20 });
    const declare = async () => {
      const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
      const fields =
        'Host: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue';
      socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${fields}\r\n\r\n`);
      await once(socket, 'data');
      return socket.resume();
    };
    const sockets = [await declare(), await declare()];
    expect((await post()).status).to.equal(200);
    const evicted = once(sockets[0] as Socket, 'close');
    sockets.push(await declare());
    await evicted;
    expect(sockets.map(({ destroyed }) => destroyed)).to.deep.equal([true, false, false]);
    for (const socket of sockets) socket.destroy();
  });

  it('does not close a request with a key because of requests without a key', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-keys-'));
    await writeFile(join(folder, 'keys'), 'sk-one\n');
    await serve(new StubModel(), { bodyLimit: 32 * 2 ** 20, apiKeys: new ApiKeys(join(folder, 'keys')) });
    await rm(folder, { recursive: true });
    const declare = async (fields: string) => {
      const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
      const always = 'Host: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n';
      socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${always}${fields}\r\n\r\n`);
      await once(socket, 'data');
      return socket.resume();
    };
    const keyed = await declare('Expect: 100-continue\r\nAuthorization: Bearer sk-one');
    const others = await Promise.all(Array.from({ length: 4 }, () => declare('X-Key: none')));
    expect(keyed.destroyed).to.equal(false);
    for (const socket of [keyed, ...others]) socket.destroy();
  });

  it('accepts a request in pieces, and can close while a request is incomplete', async () => {
    await serve(new StubModel());
    const headers = { 'content-type': 'application/json', 'content-length': 100 };
    const asking = startRequest(`${server.url}/v1/chat/completions`, { method: 'POST', headers });
    const broken = once(asking, 'error');
    asking.write('{"model":');
    await eventually(async () => asking.socket?.readyState === 'open');
    await server.close({ graceSeconds: 0.05 });
    await broken;
  });

  it('rejects graphs with equal names, and invalid addresses and numbers', async () => {
    await serve(new StubModel());
    const executor = new GraphExecutor(watched(parts), { model: new StubModel() });
    const refusal = async (options: Partial<ChatServerOptions>) =>
      startChatServer({ graphs: [executor], port: 0, ...options }).catch((error: unknown) => error);
    const settings: Partial<ChatServerOptions>[] = [{ graphs: [] }, { deadlineSeconds: 0 }, { pingSeconds: 1e9 }];
    for (const options of [
      ...settings,
      { deadlineSeconds: Number.NaN },
      { bodyLimit: 0.5 },
      { stallSeconds: 0 },
      { maxConnections: 0 },
    ]) {
      expect(await refusal(options)).to.be.instanceOf(ChatServerSettingsError);
    }
    expect(await refusal({ graphs: [executor, executor] }))
      .to.be.instanceOf(ChatServerSettingsError)
      .with.property('message')
      .that.includes(`Two graphs are named ${executor.graph.name}`);
    expect(await refusal({ port: server.port })).to.be.instanceOf(ListenError);
    expect(await refusal({ concurrency: 0 })).to.be.instanceOf(QueueConfigurationError);
    expect(await scraped('tinyllm_queue_capacity')).to.equal(100);
  });
});

const normal = { priority: 'normal' };

async function expectRejection(promise: Promise<unknown>): Promise<void> {
  expect(await promise.catch(() => 'rejected')).to.equal('rejected');
}
