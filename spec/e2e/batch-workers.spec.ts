import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { needPrograms } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { chatLines, type FakeOllama, startFakeOllama, streamed } from '../support/fake-ollama.js';
import { sampleValue } from '../support/parse-text.js';
import { RedisServer, redisServer } from '../support/redis.js';
import { type CliProcess, endAllCli, startCli } from '../support/start-cli.js';

const graph = [
  'name: asked',
  'nodes:',
  '  start: { kind: entry }',
  '  answer: { kind: model }',
  '  end: { kind: exit }',
  'edges:',
  '  - { from: start, to: answer }',
  '  - { from: answer, to: end }',
].join('\n');

describe('a batch that worker processes run', function () {
  this.timeout(60_000);

  let redis: RedisServer;
  let ollama: FakeOllama;
  let folder: string;
  /** The number of questions that get an answer. Later ones get no response. Undefined answers all questions. */
  let answerLimit: number | undefined;

  const path = (name: string): string => join(folder, name);
  function startWorker(...flags: readonly string[]): CliProcess {
    const from = ['--queue', redis.url, '--stalled-after', '1', '--grace', '0.2', '--concurrency', '2'];
    const answering = ['--graph', path('asked.yaml'), '--provider', 'ollama', '--metrics-port', '0'];
    return startCli(['worker', ...from, ...answering, ...flags], { OLLAMA_HOST: ollama.url });
  }

  before(async function () {
    needPrograms(this, redisServer);
    redis = await RedisServer.start();
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-batch-'));
    await writeFile(path('asked.yaml'), graph);
    ollama = await startFakeOllama({
      chat: ({ messages }) =>
        ollama.asked.length > (answerLimit ?? Number.POSITIVE_INFINITY)
          ? streamed([], 'stay')
          : streamed([chatLines([`answer to ${messages.at(-1)?.content}`])]),
    });
  });

  after(async () => {
    await endAllCli();
    await ollama?.close();
    await redis?.kill();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it('answers every question once, even if one worker is killed and another one is stopped during a job', async () => {
    const questions = Array.from({ length: 9 }, (_, index) => `question ${index + 1}`);
    await writeFile(path('questions.txt'), questions.join('\n'));
    answerLimit = 3;
    const [killed, ended] = [startWorker(), startWorker()];
    await Promise.all([killed, ended].map((worker) => worker.untilStderr(/answering questions from redis:/)));
    const batch = startCli(
      ['run', '--file', path('questions.txt'), '--output', path('answers.jsonl'), '--queue', redis.url].concat(
        ...['--graph', path('asked.yaml'), '--max-queue-size', '5', '--metrics-file', path('batch.prom')],
      ),
    );
    // Each worker waits for two responses that never arrive. On a slow machine, it may have lost a job to the other
    // worker.
    await eventually(async () => ollama.asked.length >= answerLimit! + 4);
    killed.child.kill('SIGKILL');
    ended.child.kill('SIGTERM');
    answerLimit = undefined;
    const last = startWorker();
    const { code, stderr } = await batch.end();
    expect(stderr).to.contain('answered 9 of 9 questions');
    expect(code).to.equal(0);
    const lines = (await readFile(path('answers.jsonl'), 'utf8')).trimEnd().split('\n');
    const answers = lines.map((line) => JSON.parse(line)).sort((a, b) => a.index - b.index);
    expect(answers.map(({ question, answer }) => [question, answer])).to.deep.equal(
      questions.map((question) => [question, `answer to ${question}`]),
    );
    const written = await readFile(path('batch.prom'), 'utf8');
    expect(sampleValue(written, 'tinyllm_queue_requests_total', { priority: 'normal' })).to.equal(9);
    expect(sampleValue(written, 'tinyllm_queue_size', { priority: 'normal' })).to.equal(0);

    const [, url = ''] = await last.untilStderr(/serving metrics at (\S+)/);
    const scraped = await (await fetch(url)).text();
    expect(sampleValue(scraped, 'tinyllm_queue_active_workers')).to.equal(0);
    // Four jobs that the other workers lost, and two new ones. The waiting time of a job is measured only once, when it
    // first leaves the queue.
    expect(sampleValue(scraped, 'tinyllm_graph_executions_total', { graph: 'asked' })).to.be.at.least(6);
    expect(sampleValue(scraped, 'tinyllm_queue_wait_time_seconds_count', { priority: 'normal' })).to.be.at.least(2);
    last.child.kill('SIGTERM');
    expect((await last.end()).code).to.equal(143);
    expect((await ended.end()).code).to.equal(143);
  });

  it('records the labels of questions that it declares, and reports the others once', async () => {
    const worker = startWorker('--label', 'tenant', '--label', 'zone=eu', '--label', 'provider');
    await worker.untilStderr(/answering questions from redis:/);
    await writeFile(path('labelled.txt'), 'one\ntwo');
    const labels = ['tenant=acme', 'zone=us', 'user=me'].flatMap((label) => ['--label', label]);
    const batch = startCli([
      ...['run', '--file', path('labelled.txt'), '--queue', redis.url],
      ...['--graph', path('asked.yaml'), ...labels],
    ]);
    expect(await batch.end()).to.include({ code: 0, stdout: 'answer to one\nanswer to two\n' });
    const [, url = ''] = await worker.untilStderr(/serving metrics at (\S+)/);
    const scraped = await (await fetch(url)).text();
    const recorded = { graph: 'asked', tenant: 'acme', zone: 'eu' };
    expect(sampleValue(scraped, 'tinyllm_graph_executions_total', { ...recorded, provider: '' })).to.equal(2);
    const request = { request_type: 'generate', model: 'qwen2.5:0.5b', provider: 'ollama' };
    expect(sampleValue(scraped, 'tinyllm_requests_total', { ...recorded, ...request })).to.equal(2);
    worker.child.kill('SIGTERM');
    const { stderr } = await worker.end();
    expect(stderr.match(/warning: .*/g)).to.deep.equal([
      'warning: a question has the label "user", which this worker does not declare; the label is ignored. To record it, add --label user',
    ]);
  });

  it('records the labels of questions that a plugin declares', async () => {
    const [core, executor] = ['core', 'executor'].map((name) => pathToFileURL(`lib/${name}/dist/index.js`).href);
    const plugin = `
      import { configureMetrics } from '${core}';
      import { defineNodeKind } from '${executor}';
      configureMetrics({ labels: ['team'] });
      const settings = { safeParse: (data) => ({ success: true, data }) };
      export const unused = defineNodeKind({ kind: 'unused', settings, create: (id) => ({ id, kind: 'unused' }) });
    `;
    await writeFile(path('labels.mjs'), plugin);
    const worker = startWorker('--plugin', path('labels.mjs'));
    await worker.untilStderr(/answering questions from redis:/);
    await writeFile(path('team.txt'), 'one');
    const batch = startCli([
      ...['run', '--file', path('team.txt'), '--queue', redis.url],
      ...['--graph', path('asked.yaml'), '--label', 'team=search'],
    ]);
    expect(await batch.end()).to.include({ code: 0, stdout: 'answer to one\n' });
    const [, url = ''] = await worker.untilStderr(/serving metrics at (\S+)/);
    const scraped = await (await fetch(url)).text();
    const recorded = { graph: 'asked', team: 'search' };
    expect(sampleValue(scraped, 'tinyllm_graph_executions_total', recorded)).to.equal(1);
    worker.child.kill('SIGTERM');
    expect((await worker.end()).stderr).to.not.include('warning');
  });

  it('rejects jobs for graphs that the worker was not started with', async () => {
    const worker = startWorker();
    await worker.untilStderr(/answering questions from redis:/);
    await writeFile(path('one.txt'), 'What is 2+2?');
    const batch = startCli(['run', '--file', path('one.txt'), '--queue', redis.url, '--json']);
    const { code, stdout } = await batch.end();
    expect(code).to.equal(1);
    expect(stdout).to.match(/The worker has no graph named .{0,2}multi_domain.{0,2}, only asked/);
    worker.child.kill('SIGTERM');
    expect((await worker.end()).code).to.equal(143);
  });
});
