import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Lifetime } from '../../../../cli/command/lifetime.js';
import { type BatchCommandOptions, batch } from '../../../../cli/commands/run/batch.js';
import { BatchFailedError, BatchFileError } from '../../../../cli/errors/batch-error.js';
import { registry } from '../../../../lib/core/metrics/shared-registry.js';
import { captureOutput } from '../../../support/captured-output.js';
import { eventually } from '../../../support/eventually.js';
import { chatLines, startFakeOllama, streamed } from '../../../support/fake-ollama.js';
import { sampleValue } from '../../../support/parse-text.js';

describe('tinyllm run --file', () => {
  let folder: string;
  let defaults: BatchCommandOptions;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-batch-'));
    await writeFile(join(folder, 'sums.txt'), 'What is 2+2?\n\nhalf of 90\n3*5\n');
    await writeFile(join(folder, 'mixed.txt'), 'What is 2+2?\nWho won the cup?\nhalf of 90\n');
    await writeFile(
      join(folder, 'asked.yaml'),
      'name: asked\nnodes: { start: { kind: entry }, answer: { kind: model }, end: { kind: exit } }\n' +
        'edges: [{ from: start, to: answer }, { from: answer, to: end }]\n',
    );
    defaults = {
      file: join(folder, 'sums.txt'),
      output: undefined,
      workers: 2,
      capacity: 1,
      startsPerSecond: undefined,
      priority: 'high',
      queue: undefined,
      graceSeconds: 0.01,
      graph: undefined,
      provider: 'embedded',
      model: undefined,
      metricsPort: undefined,
      metricsHost: '127.0.0.1',
      lingerSeconds: 0,
      json: false,
    };
  });
  after(() => rm(folder, { recursive: true }));

  function start(options: Partial<BatchCommandOptions>, isTTY = false) {
    const { output, stdout, stderr } = captureOutput({ isTTY });
    const lifetime = new Lifetime(output);
    const ended = batch({ ...defaults, ...options }, lifetime)
      .then(
        () => undefined,
        (reason: unknown) => reason,
      )
      .finally(() => lifetime.close());
    return { stdout, stderr, lifetime, ended };
  }

  const linesOf = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('prints the answers in the order of the questions, and records queue metrics', async () => {
    const { stdout, stderr, ended } = start({});
    expect(await ended).to.equal(undefined);
    expect(stdout.text).to.equal('4\n45\n15\n');
    expect(stderr.text).to.match(/^answered 3 of 3 questions in [\d.]+ m?s \(\d+ tokens in, \d+ out\)\n$/);
    const text = await registry.metrics();
    expect(sampleValue(text, 'tinyllm_queue_requests_total', { priority: 'high' })).to.be.at.least(3);
    expect(sampleValue(text, 'tinyllm_queue_size', { priority: 'high' })).to.equal(0);
    expect(sampleValue(text, 'tinyllm_queue_active_workers')).to.equal(0);
    expect(sampleValue(text, 'tinyllm_queue_capacity')).to.equal(0);
  });

  it('sends a repeated question only once with a cache', async () => {
    const file = join(folder, 'twice.txt');
    await writeFile(file, 'double 21\ndouble 21\n');
    const found = async () => {
      const text = await registry.metrics();
      const hits = (cache_type: string) => sampleValue(text, 'tinyllm_cache_hits_total', { cache_type }) ?? 0;
      return hits('memory') + hits('singleflight');
    };
    const before = await found();
    const { stdout, ended } = start({ file, stores: { cache: 'memory' } });
    expect(await ended).to.equal(undefined);
    expect(stdout.text).to.equal('42\n42\n');
    expect((await found()) - before).to.equal(1);
  });

  it('prints one JSON object per question with --json', async () => {
    const { stdout, ended } = start({ json: true, file: join(folder, 'mixed.txt') });
    expect(await ended).to.be.instanceOf(BatchFailedError);
    const lines = linesOf(stdout.text).sort((a, b) => a.index - b.index);
    expect(lines.map(({ index, answer }) => [index, answer])).to.deep.equal([
      [1, '4'],
      [2, undefined],
      [3, '45'],
    ]);
    expect(lines[0]).to.include({ question: 'What is 2+2?', graph: 'multi_domain', provider: 'embedded' });
    expect(lines[0]).to.include.keys('usage', 'seconds', 'model');
    expect(lines[1].error).to.have.property('name', 'ModelUnavailableError');
  });

  it('reports failed questions, and retries only these in the next run', async () => {
    const output = join(folder, 'answers.jsonl');
    const mixed = { file: join(folder, 'mixed.txt'), output, json: true };
    const first = start(mixed);
    const failed = await first.ended;
    expect(failed).to.be.instanceOf(BatchFailedError).and.to.include({ failed: 1, questions: 3 });
    expect(failed)
      .to.have.property('message')
      .that.equals('1 of 3 questions failed; run the same command again to retry only these questions.');
    expect(linesOf(first.stdout.text)).to.have.length(1);
    expect(linesOf(first.stdout.text)[0]).to.include({ questions: 3, answered: 2, failed: 1, output });

    const ollama = await startFakeOllama({ chat: () => streamed([chatLines(['Ours.'])]) });
    const before = process.env.OLLAMA_HOST;
    process.env.OLLAMA_HOST = ollama.url;
    try {
      const second = start({ ...mixed, provider: 'ollama' });
      expect(await second.ended).to.equal(undefined);
      expect(second.stderr.text).to.contain(`${output} already answers 2 of 3 questions`);
      expect(ollama.asked).to.have.length(1);
    } finally {
      if (before === undefined) delete process.env.OLLAMA_HOST;
      else process.env.OLLAMA_HOST = before;
      await ollama.close();
    }
    const lines = linesOf(await readFile(output, 'utf8'));
    expect(lines.map(({ index, answer }) => [index, answer])).to.have.deep.members([
      [1, '4'],
      [3, '45'],
      [2, 'Ours.'],
    ]);
  });

  it('draws a bar on a terminal', async () => {
    const { stdout, stderr, ended } = start({}, true);
    expect(await ended).to.equal(undefined);
    expect(stderr.text).to.match(/[=-]+ \d\/3/);
    expect(stdout.text).to.equal('4\n45\n15\n');
  });

  it('writes answers within the grace period after an early end, and resumes with the rest', async () => {
    const output = join(folder, 'broken-off.jsonl');
    const questions = join(folder, 'asked.txt');
    await writeFile(questions, ['a', 'b', 'c', 'd', 'e', 'f', 'g'].join('\n'));
    let answering = 2;
    const ollama = await startFakeOllama({
      chat: ({ messages }) =>
        answering-- > 0 ? streamed([chatLines([`to ${messages.at(-1)?.content}`])]) : streamed([], 'stay'),
    });
    const before = process.env.OLLAMA_HOST;
    process.env.OLLAMA_HOST = ollama.url;
    const asked = { provider: 'ollama', graph: join(folder, 'asked.yaml'), file: questions, output };
    try {
      const { lifetime, stderr, ended } = start(asked);
      await eventually(async () => ollama.asked.length === 4);
      lifetime.end();
      expect(await ended).to.have.property('name', 'AbortError');
      expect(stderr.text).to.contain('press Ctrl-C again to stop now').and.to.contain('answered 2 of 7 questions');
      expect(linesOf(await readFile(output, 'utf8'))).to.have.length(2);
      const text = await registry.metrics();
      expect(sampleValue(text, 'tinyllm_queue_size', { priority: 'high' })).to.equal(0);
      expect(sampleValue(text, 'tinyllm_queue_active_workers')).to.equal(0);

      answering = Number.POSITIVE_INFINITY;
      expect(await start(asked).ended).to.equal(undefined);
      const answers = linesOf(await readFile(output, 'utf8')).map(({ answer }) => answer);
      expect(answers.sort()).to.deep.equal(['to a', 'to b', 'to c', 'to d', 'to e', 'to f', 'to g']);
    } finally {
      if (before === undefined) delete process.env.OLLAMA_HOST;
      else process.env.OLLAMA_HOST = before;
      await ollama.close();
    }
  });

  it('sends no request without questions or if the output cannot be written', async () => {
    expect(await start({ file: join(folder, 'no-such.txt') }).ended).to.be.instanceOf(BatchFileError);
    const { stderr, ended } = start({ output: join(folder, 'no-such', 'answers.jsonl'), metricsPort: 0 });
    expect(await ended).to.be.instanceOf(BatchFileError);
    expect(stderr.text).to.equal('');
  });
});
