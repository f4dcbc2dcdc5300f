import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Lifetime } from '../../cli/command/lifetime.js';
import { readProgram } from '../../cli/program/program.js';
import { captureOutput } from '../support/captured-output.js';
import { needPrograms } from '../support/e2e-programs.js';
import { chatLines, startFakeOllama, streamed } from '../support/fake-ollama.js';
import { sampleValue } from '../support/parse-text.js';
import { RedisServer, redisServer } from '../support/redis.js';
import { endAllCli, startCli } from '../support/start-cli.js';

describe('sessions and caches of tinyllm processes', function () {
  this.timeout(60_000);
  let home: string;
  let redis: RedisServer;
  before(async function () {
    needPrograms(this, redisServer);
    [redis, home] = await Promise.all([RedisServer.start(), mkdtemp(join(tmpdir(), 'tinyllm-home-'))]);
  });
  after(async () => {
    await endAllCli();
    await redis?.kill();
    if (home !== undefined) await rm(home, { recursive: true, force: true });
  });

  const tinyllm = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    startCli(args, { TINYLLM_HOME: home, TINYLLM_HUB: '', ...environment }).end();

  /** Runs a command in this process, which needs no start time. It reads what other processes have written. */
  const runHere = async (...args: readonly string[]) => {
    const { output, stdout, stderr } = captureOutput();
    const lifetime = new Lifetime(output);
    const program = readProgram(args);
    const { TINYLLM_HOME: before } = process.env;
    process.env.TINYLLM_HOME = home;
    try {
      if (program.kind === 'command') await program.execute(lifetime);
      await lifetime.close();
    } finally {
      if (before === undefined) delete process.env.TINYLLM_HOME;
      else process.env.TINYLLM_HOME = before;
    }
    return { stdout: stdout.text, stderr: stderr.text };
  };

  for (const where of ['disk', 'redis'] as const) {
    it(`give the model the exchanges of earlier runs, stored in ${where}`, async () => {
      const ollama = await startFakeOllama({ chat: () => streamed([chatLines(['In ', 'Oslo.'])]) });
      const store = where === 'disk' ? [] : ['--store', redis.url];
      const ask = (query: string) =>
        tinyllm(['run', query, '--provider', 'ollama', '--session', 'Trip', ...store], { OLLAMA_HOST: ollama.url });
      try {
        expect((await ask('I am in Oslo')).code).to.equal(0);
        // Two concurrent runs do not overwrite each other's exchange.
        const ends = await Promise.all([ask('where am I?'), ask('where was I?')]);
        expect(ends.map(({ code }) => code)).to.deep.equal([0, 0]);
        const [, second] = ollama.asked;
        const turns = second?.messages.filter(({ role }) => role !== 'system');
        expect(turns?.slice(0, 2)).to.deep.equal([
          { role: 'user', content: 'I am in Oslo' },
          { role: 'assistant', content: 'In Oslo.' },
        ]);
      } finally {
        await ollama.close();
      }
      const shown = await runHere('session', 'show', 'Trip', '--json', ...store);
      const listed = await runHere('session', 'list', ...store);
      const questions = JSON.parse(shown.stdout).exchanges.map(({ question }: { question: string }) => question);
      expect(questions).to.have.members(['I am in Oslo', 'where am I?', 'where was I?']);
      expect(listed.stdout).to.equal('Trip\n');
      expect((await runHere('session', 'clear', 'Trip', ...store)).stderr).to.equal('deleted Trip\n');
    });
  }

  it('fail with the name of the session if it does not exist or is damaged', async () => {
    const missing = await tinyllm(['session', 'show', 'none']);
    expect([missing.code, missing.stderr]).to.deep.equal([
      1,
      'tinyllm: There is no session "none"; run `tinyllm session list` to see all sessions.\n',
    ]);
    await mkdir(join(home, 'sessions'), { recursive: true });
    await writeFile(join(home, 'sessions', 'torn.jsonl'), '{"at":');
    const torn = await tinyllm(['run', '2+2', '--session', 'torn']);
    expect([torn.code, torn.stdout]).to.deep.equal([1, '']);
    expect(torn.stderr).to.include('torn.jsonl:1 is not an exchange of a conversation');
  });

  it('share a cache, and continue without it', async () => {
    const args = ['run', 'convert 5 km to miles', '--cache', redis.url, '--trace', '--json'];
    const metricsFile = join(home, 'run.prom');
    const [first, second] = [await tinyllm(args), await tinyllm([...args, '--metrics-file', metricsFile])];
    const [made, kept] = [JSON.parse(first.stdout), JSON.parse(second.stdout)];
    expect(kept.answer).to.equal(made.answer);
    expect(kept.usage).to.deep.equal({ inputTokens: 0, outputTokens: 0 });
    expect(kept.trace.map(({ note }: { note?: string }) => note)).to.include('cached: redis');
    const text = await readFile(metricsFile, 'utf8');
    expect(sampleValue(text, 'tinyllm_cache_hits_total', { cache_type: 'redis' })).to.equal(1);
    expect(text).not.to.include('tinyllm_requests_total{');
    await redis.kill();
    const without = await tinyllm([...args, '--metrics-file', metricsFile]);
    expect(without.code).to.equal(0);
    expect(JSON.parse(without.stdout).answer).to.equal(made.answer);
    expect(without.stderr.match(/continues without it/g)).to.have.length(1);
    const errors = { store: 'redis', operation: 'get' };
    expect(sampleValue(await readFile(metricsFile, 'utf8'), 'tinyllm_store_errors_total', errors)).to.equal(1);
  });
});
