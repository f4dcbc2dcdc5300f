import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { chatLines, type FakeOllama, type FakeReply, json, startFakeOllama, streamed } from '../support/fake-ollama.js';
import { freePort } from '../support/free-port.js';
import { sampleValue } from '../support/parse-text.js';
import { type CliProcess, endAllCli, startCli } from '../support/start-cli.js';

const fine = streamed([chatLines(['four'], { prompt_eval_count: 5, eval_count: 1 })]);
const failed = json({ error: 'not now' }, 500);
const limited = (retryAfter: string): FakeReply => ({
  ...json({ error: 'too many' }, 429),
  headers: { 'retry-after': retryAfter },
});

describe('a run whose models fail', () => {
  let folder: string;
  let file: string;
  let ollama: FakeOllama | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-resilient-'));
    file = join(folder, 'run.prom');
  });
  afterEach(async () => {
    await endAllCli();
    await ollama?.close();
    ollama = undefined;
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Runs a question that needs a model. The server returns these replies in order and repeats the last one. */
  async function run(replies: readonly FakeReply[], ...flags: readonly string[]): Promise<CliProcess> {
    let asked = 0;
    const chat = (): FakeReply => {
      asked += 1;
      return replies[Math.min(asked, replies.length) - 1] ?? fine;
    };
    ollama = replies.length === 0 ? undefined : await startFakeOllama({ chat });
    const args = ['run', 'Who are you?', '--provider', 'ollama', '--model', 'm', '--metrics-file', file, ...flags];
    return startCli(args, { OLLAMA_HOST: ollama?.url ?? `127.0.0.1:${await freePort()}` });
  }
  const value = async (name: string, labels: Readonly<Record<string, string>>) =>
    sampleValue(await readFile(file, 'utf8'), `tinyllm_${name}`, labels);

  it('retries, and waits as long as Retry-After requires', async () => {
    const { code, stdout } = await (await run([failed, limited('1'), fine])).end();
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'four\n' });
    expect(await value('retries_total', { model: 'm', reason: 'server_error' })).to.equal(1);
    expect(await value('retries_total', { model: 'm', reason: 'rate_limited' })).to.equal(1);
    expect(await value('circuit_breaker_state', { model: 'm' })).to.equal(0);
    expect(await value('circuit_breaker_failures_total', { model: 'm' })).to.equal(2);
    expect(await value('active_requests', { model: 'm', graph: 'multi_domain' })).to.equal(0);
  });

  it('stops retrying when the circuit breaker opens', async () => {
    const { code, stderr } = await (await run([failed], '--breaker-failures', '1', '--fallback', 'ollama/m')).end();
    expect(code).to.equal(1);
    expect(stderr).to.match(/^tinyllm: None of 2 models answered\. .*The circuit breaker of the model m is open/m);
    expect(await value('circuit_breaker_rejected_total', { model: 'm' })).to.equal(2);
    expect(await value('circuit_breaker_transitions_total', { model: 'm', from: 'closed', to: 'open' })).to.equal(1);
  });

  it('tries the fallback models of its graph until one is available', async () => {
    const args = [
      'run',
      'Tell me: 6 * 7',
      '--graph',
      'samples/graphs/fallback.yaml',
      '--metrics-file',
      file,
      '--trace',
    ];
    const { code, stdout, stderr } = await startCli(args, { OLLAMA_HOST: `127.0.0.1:${await freePort()}` }).end();
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '42\n' });
    expect(stderr)
      .to.match(/^answered by embedded, model embedded, /m)
      .and.to.match(/^long +model .* answered by embedded, model embedded$/m);
    const labels = { requested_model: 'llama3.2:3b', fallback_model: 'embedded', reason: 'unavailable' };
    expect(await value('fallbacks_total', labels)).to.equal(1);
    expect(await value('retries_total', { model: 'llama3.2:3b', reason: 'unavailable' })).to.equal(1);
    expect(await value('retries_total', { model: 'qwen2.5:0.5b', reason: 'unavailable' })).to.equal(1);
    expect(await value('rate_limit_wait_seconds_count', { model: 'llama3.2:3b' })).to.equal(2);
    expect(await value('cost_usd_total', { model: 'embedded', graph: 'fallback' })).to.equal(0);
  });

  it('exits immediately on Ctrl-C while it waits for a retry', async () => {
    const cli = await run([limited('50')]);
    await eventually(async () => ollama?.asked.length === 1);
    cli.child.kill('SIGINT');
    expect((await cli.end()).code).to.equal(130);
    expect(await readFile(file, 'utf8')).not.to.contain('tinyllm_retries_total{');
  });
});
