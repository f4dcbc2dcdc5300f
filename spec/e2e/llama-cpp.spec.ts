import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { registry } from '../../lib/core/metrics/shared-registry.js';
import { ModelFileError } from '../../lib/executor/errors/model-client-errors.js';
import { LlamaCppClient } from '../../lib/executor/models/llama-cpp-client.js';
import { ask } from '../support/ask.js';
import { sampleValue } from '../support/parse-text.js';
import { needRealModel, realModelFile } from '../support/real-model.js';
import { endAllCli, startCli } from '../support/start-cli.js';

const graphFile = `
name: brief
models:
  default: { max_tokens: 8, temperature: 0 }
nodes:
  start: { kind: entry }
  answer: { kind: model }
  end: { kind: exit }
edges:
  - { from: start, to: answer }
  - { from: answer, to: end }
`;

describe('a real model in the same process', function () {
  this.timeout(120_000);
  let folder: string;
  before(async function () {
    needRealModel(this);
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-llama-'));
  });
  after(async () => {
    await endAllCli();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it('answers a question of `tinyllm run`, and the scrape contains its metrics', async () => {
    const graph = join(folder, 'brief.yaml');
    await writeFile(graph, graphFile);
    const cli = startCli(
      ['run', 'What is the capital of France?', '--graph', graph, '--json', '--metrics-port', '0'].concat([
        ...['--provider', 'llama-cpp', '--model', realModelFile],
      ]),
      { TINYLLM_HUB: '' },
    );
    await cli.untilStderr(/ until one more scrape/);
    const [, url = ''] = await cli.untilStderr(/serving metrics at (\S+)/);
    const { body } = await ask(url);
    const { code, stdout, stderr } = await cli.end();
    expect(code).to.equal(0);
    const { answer, model, usage } = JSON.parse(stdout);
    expect(answer).to.match(/\w/);
    const of = (name: string, labels = {}) => sampleValue(body, `tinyllm_${name}`, { model, ...labels });
    const graphLabel = { graph: 'brief' };
    expect(of('tokens_input_total', graphLabel)).to.equal(usage.inputTokens).and.be.above(7);
    expect(of('tokens_output_total', graphLabel)).to.equal(usage.outputTokens).and.be.within(1, 8);
    expect(of('model_load_duration_seconds_count')).to.equal(1);
    expect(of('model_load_duration_seconds_sum')).to.be.above(0);
    expect(of('time_per_output_token_seconds_count')).to.equal(1);
    expect(of('model_loaded')).to.equal(1);
    expect(of('model_memory_bytes')).to.be.above(5e7);
    // llama.cpp's own output is suppressed. On a slow machine, the command prints that it is still waiting.
    const lines = stderr.trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('still waiting'))).to.have.length(3);
  });

  it('streams, reuses history tokens, can be stopped, writes JSON, and stays within its context size', async () => {
    const client = new LlamaCppClient({ file: realModelFile, contextSize: 256 });
    const graph = 'streamed';
    try {
      const question = { prompt: 'What is the capital of France?', temperature: 0, graph };
      let text = '';
      let pieces = 0;
      for await (const chunk of client.stream(question)) {
        text += chunk.text;
        pieces += chunk.text === '' ? 0 : 1;
      }
      expect(pieces).to.be.above(2);
      const again = await client.generate(question);
      expect(again.text).to.equal(text);

      const history = [
        { role: 'user', content: question.prompt },
        { role: 'assistant', content: text },
      ] as const;
      const counted = await client.generate({ ...question, prompt: 'And of Italy?', history, maxTokens: 1 });
      expect(counted).to.deep.include({ finishReason: 'length' });
      // Tokens that are reused from an earlier call are counted as input too.
      expect(counted.usage.inputTokens).to.be.above(again.usage.inputTokens ?? 0);
      expect(counted.usage.outputTokens).to.equal(1);

      const endless = { prompt: 'Tell a very long story about the sea.', temperature: 0, graph };
      const stop = new AbortController();
      let received = 0;
      const stopped: unknown = await (async () => {
        for await (const _ of client.stream({ ...endless, signal: stop.signal })) {
          received += 1;
          stop.abort(new Error('enough'));
        }
      })().catch((error: unknown) => error);
      expect([received, stopped]).to.deep.equal([1, stop.signal.reason]);

      const { text: json } = await client.generate({ ...endless, format: 'json', maxTokens: 40 });
      expect(json.trim()).to.match(/^[[{"\d]/);
      const long = `${'Waves come and go. '.repeat(36)}${endless.prompt}`;
      const full = await client.generate({ ...endless, prompt: long });
      expect((full.usage.inputTokens ?? 0) + (full.usage.outputTokens ?? 0)).to.be.within(200, 256);
      expect(full.finishReason).to.equal('length');
      const model = client.model;
      const scraped = await registry.metrics();
      const of = (name: string, labels = {}) => sampleValue(scraped, `tinyllm_${name}`, { model, ...labels });
      expect(of('time_to_first_token_seconds_count', { graph })).to.equal(5);
      expect(of('model_load_duration_seconds_count')).to.equal(1);
      expect(of('requests_finished_total', { graph, finish_reason: 'cancelled' })).to.equal(1);
      expect(of('active_requests', { graph })).to.equal(0);
    } finally {
      await client.close();
    }
  });

  it('reports that a file is damaged', async () => {
    const file = join(folder, 'half.gguf');
    const handle = await open(realModelFile);
    const { buffer } = await handle.read(Buffer.alloc(3_000_000), 0, 3_000_000, 0);
    await handle.close();
    await writeFile(file, buffer);
    const client = new LlamaCppClient({ file });
    const error: unknown = await client.generate({ prompt: 'Hi' }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ModelFileError);
    expect((error as Error).message).to.match(/^The model file ".*" cannot be loaded \(.+\); it is damaged or /);
  });
});
