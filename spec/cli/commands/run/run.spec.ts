import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Lifetime } from '../../../../cli/command/lifetime.js';
import { recordResidency, run } from '../../../../cli/commands/run/run.js';
import type { RunCommandOptions } from '../../../../cli/flags/run-options.js';
import { MetricsDeliveryError } from '../../../../lib/core/errors/errors.js';
import { ModelUnavailableError } from '../../../../lib/core/errors/model-errors.js';
import { registry } from '../../../../lib/core/metrics/shared-registry.js';
import { GraphError } from '../../../../lib/executor/errors/graph-errors.js';
import { captureOutput } from '../../../support/captured-output.js';
import { eventually } from '../../../support/eventually.js';
import { chatLines, json, startFakeOllama, streamed } from '../../../support/fake-ollama.js';
import { chatEvents, sse, startFakeOpenAI } from '../../../support/fake-openai.js';
import { freePort } from '../../../support/free-port.js';
import { graphSamples } from '../../../support/graph-samples.js';

const defaults: RunCommandOptions = {
  query: 'What is 2+2?',
  graph: undefined,
  provider: 'embedded',
  model: undefined,
  metricsPort: undefined,
  metricsHost: '127.0.0.1',
  lingerSeconds: 0,
  trace: false,
  json: false,
};

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly error: unknown;
}

async function runWith(options: Partial<RunCommandOptions>, isTTY = false): Promise<Ran> {
  const { output, stdout, stderr } = captureOutput({ isTTY });
  const lifetime = new Lifetime(output);
  const error = await run({ ...defaults, ...options }, lifetime).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  await lifetime.close();
  return { stdout: stdout.text, stderr: stderr.text, error };
}

describe('tinyllm run', () => {
  it('prints only the answer on stdout, and the model on stderr', async () => {
    const { stdout, stderr, error } = await runWith({});
    expect(error).to.equal(undefined);
    expect(stdout).to.equal('4\n');
    expect(stderr).to.match(/^answered by embedded, model embedded, in [\d.]+ m?s \(\d+ tokens in, \d+ out\)\n$/);
  });

  it('streams the same answer on a terminal', async () => {
    expect((await runWith({ query: 'convert 5 km to miles' }, true)).stdout).to.equal(
      (await runWith({ query: 'convert 5 km to miles' })).stdout,
    );
  });

  it('prints JSON with --json', async () => {
    const { stdout } = await runWith({ json: true }, true);
    const printed = JSON.parse(stdout);
    expect(printed).to.have.all.keys('answer', 'graph', 'provider', 'model', 'usage', 'seconds');
    expect(printed).to.include({ answer: '4', graph: 'multi_domain', provider: 'embedded', model: 'embedded' });
    expect(printed.usage).to.have.all.keys('inputTokens', 'outputTokens');
  });

  it('shows the executed nodes as a table on stderr or in the JSON', async () => {
    const { stdout, stderr } = await runWith({ trace: true });
    expect(stdout).to.equal('4\n');
    expect(stderr)
      .to.match(/^node +kind +time/m)
      .and.to.match(/^router +router /m);
    const { stdout: json, stderr: notes } = await runWith({ trace: true, json: true });
    const { trace } = JSON.parse(json);
    expect(trace.map(({ kind }: { kind: string }) => kind)).to.include.members(['entry', 'router', 'exit']);
    expect(notes).not.to.contain('tokens out  note');
  });

  it('serves metrics while it runs, and prints the URL', async () => {
    const { stdout, stderr } = await runWith({ json: true, metricsPort: 0 });
    const { url } = JSON.parse(stdout).metrics;
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+/);
    expect(stderr.split('\n')[0]).to.equal(`serving metrics at ${url} and a page with charts at ${new URL('/', url)}`);
    expect(stderr).not.to.contain('until one more scrape');
  });

  it('shows the executed nodes of a failed run', async () => {
    const { stdout, stderr, error } = await runWith({ query: 'Who won the cup?', trace: true });
    expect(error).to.be.instanceOf(ModelUnavailableError);
    expect(stdout).to.equal('');
    expect(stderr).to.match(/^\S+ +model .*failed: /m);
  });

  it('rejects an invalid graph before it serves metrics', async () => {
    const { error, stderr } = await runWith({ graph: 'no-such.yaml', metricsPort: 0 });
    expect(error).to.be.instanceOf(GraphError);
    expect(stderr).to.equal('');
  });

  it('rejects an unwritable metrics file before it sends a model request', async () => {
    const { error, stdout, stderr } = await runWith({ metricsFile: 'no-such-folder/a.prom', metricsPort: 0 });
    expect(error).to.be.instanceOf(MetricsDeliveryError);
    expect(stdout + stderr).to.equal('');
  });

  it('runs the graph of --graph', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-run-'));
    try {
      const graph = join(folder, 'sums.yaml');
      await writeFile(
        graph,
        [
          'name: sums',
          'nodes:',
          '  start: { kind: entry }',
          '  calculator: { kind: tool, tool: calculator }',
          '  end: { kind: exit }',
          'edges:',
          '  - { from: start, to: calculator }',
          '  - { from: calculator, to: end }',
        ].join('\n'),
      );
      const { stdout } = await runWith({ graph, json: true, query: 'half of 90' });
      expect(JSON.parse(stdout)).to.include({ answer: '45', graph: 'sums' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('uses the server of --base-url', async () => {
    const server = await startFakeOpenAI({ chat: () => sse([chatEvents(['Blue', ' light'])]) });
    try {
      const options = {
        query: 'Why is the sky blue?',
        provider: undefined,
        baseUrl: server.url,
        model: 'asked-at-a-base-url',
      };
      expect((await runWith(options)).stdout).to.equal('Blue light\n');
      expect(await graphSamples('multi_domain')).to.include({
        'tinyllm_requests_total model="asked-at-a-base-url" request_type="generate"': 1,
        'tinyllm_tokens_output_total model="asked-at-a-base-url"': 2,
      });
    } finally {
      await server.close();
    }
  });

  it('records the loaded models of Ollama after the answer if metrics are exported', async () => {
    const ollama = await startFakeOllama({
      chat: () => streamed([chatLines(['Hello'])]),
      ps: json({ models: [{ name: 'stays', size: 900 }] }),
    });
    try {
      const options = { query: 'hello', provider: 'ollama', baseUrl: ollama.url };
      await runWith(options);
      expect(await registry.metrics()).not.to.include('tinyllm_model_loaded{model="stays"}');
      await runWith({ ...options, metricsPort: 0 });
      expect(await registry.metrics()).to.include('tinyllm_model_loaded{model="stays"} 1\n');
    } finally {
      await ollama.close();
    }
  });

  it('supports node kinds of plugins, models of nodes, and the cache of the graph', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-run-'));
    try {
      const [graph, plugin] = [join(folder, 'own.yaml'), join(folder, 'my-nodes.mjs')];
      await writeFile(
        plugin,
        `export const shout = { kind: 'shout', shape: ['[', ']'], parse: (id) => ({ node: { id, kind: 'shout',
          execute: async (message) => ({ message: { ...message, answer: message.answer + '!' } }) } }) };`,
      );
      await writeFile(
        graph,
        `name: own
models: { sums: { provider: embedded }, default: { provider: embedded } }
cache: { max_entries: 10 }
nodes:
  start: { kind: entry }
  both: { kind: fanout, branches: { one: sum, two: sum }, join: vote }
  sum: { kind: model, model: sums }
  loud: { kind: shout }
  end: { kind: exit }
edges: [{ from: start, to: both }, { from: both, to: loud }, { from: loud, to: end }]`,
      );
      const { stdout, stderr } = await runWith({ graph, plugins: [plugin], trace: true, provider: undefined });
      expect(stdout).to.equal('4!\n');
      expect(stderr)
        .to.match(/^ {2}one\/sum +model /m)
        .and.to.match(/^loud +shout /m);
      const { stdout: json } = await runWith({ graph, plugins: [plugin], json: true, trace: true });
      const { trace } = JSON.parse(json);
      expect(trace[1].parts.map(({ name }: { name: string }) => name)).to.deep.equal(['one', 'two']);
      const { error } = await runWith({ graph });
      expect(error)
        .to.be.instanceOf(GraphError)
        .with.property('message')
        .that.includes('no node kind is named "shout"');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('names the server it is waiting for, and keeps waiting', async () => {
    const ollama = await startFakeOllama({ chat: () => ({ pieces: [], delayMilliseconds: 60_000 }) });
    const before = process.env.OLLAMA_HOST;
    process.env.OLLAMA_HOST = ollama.url;
    const { output, stdout, stderr } = captureOutput();
    const lifetime = new Lifetime(output);
    try {
      const running = run({ ...defaults, query: 'hello', provider: 'ollama', patienceSeconds: 0.01 }, lifetime);
      const ended = running.catch((reason: unknown) => reason);
      await eventually(async () => stderr.text !== '');
      expect(stderr.text).to.equal(`still waiting for ollama at ${ollama.url}; press Ctrl-C to stop\n`);
      lifetime.end();
      expect(await ended).to.have.property('name', 'AbortError');
      expect(stdout.text).to.equal('');
    } finally {
      if (before === undefined) delete process.env.OLLAMA_HOST;
      else process.env.OLLAMA_HOST = before;
      await ollama.close();
    }
  });

  it('does not start after an early end', async () => {
    const { output, stdout, stderr } = captureOutput();
    const lifetime = new Lifetime(output);
    lifetime.end();
    const error = await run({ ...defaults, metricsPort: 0 }, lifetime).catch((reason: unknown) => reason);
    expect(error).to.have.property('name', 'AbortError');
    expect(stdout.text + stderr.text).to.equal('');
  });
});

describe('recordResidency', () => {
  it('records the loaded models of the server', async () => {
    const ollama = await startFakeOllama({ ps: json({ models: [{ name: 'resident', size: 900, size_vram: 600 }] }) });
    await recordResidency(ollama.url).finally(() => ollama.close());
    expect(await registry.metrics())
      .to.include('tinyllm_model_loaded{model="resident"} 1\n')
      .and.include('tinyllm_model_memory_bytes{model="resident"} 900\n')
      .and.include('tinyllm_model_vram_bytes{model="resident"} 600\n');
  });

  it('ignores a server that does not respond', async () => {
    await recordResidency(`127.0.0.1:${await freePort()}`);
  });
});
