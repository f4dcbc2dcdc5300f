import { expect } from 'chai';
import { Lifetime } from '../../../../cli/command/lifetime.js';
import { modelsList } from '../../../../cli/commands/models/models-list.js';
import { ModelUnavailableError } from '../../../../lib/core/errors/model-errors.js';
import { captureOutput } from '../../../support/captured-output.js';
import { json, startFakeOllama } from '../../../support/fake-ollama.js';
import { startFakeOpenAI } from '../../../support/fake-openai.js';
import { freePort } from '../../../support/free-port.js';

async function listed(provider: 'ollama' | 'openai', address: string, asJson = false) {
  const { output, stdout, stderr } = captureOutput();
  await modelsList({ provider, address, json: asJson }, new Lifetime(output));
  return { stdout: stdout.text, stderr: stderr.text };
}

const qwen = {
  name: 'qwen2.5:0.5b',
  size: 397_821_319,
  modified_at: '2026-01-02T03:04:05.678+01:00',
  details: { parameter_size: '494.03M', quantization_level: 'Q4_K_M' },
};

describe('tinyllm models list', () => {
  it('lists the models of Ollama as a table or JSON', async () => {
    const ollama = await startFakeOllama({ tags: json({ models: [qwen, { name: 'bare' }] }) });
    try {
      expect((await listed('ollama', ollama.url)).stdout).to.equal(
        [
          'name            size  parameters  quantization  changed',
          'qwen2.5:0.5b  398 MB     494.03M  Q4_K_M        2026-01-02',
          'bare             0 B           -  -             -',
          '',
        ].join('\n'),
      );
      expect(JSON.parse((await listed('ollama', ollama.url, true)).stdout)).to.deep.equal({
        provider: 'ollama',
        url: ollama.url,
        models: [
          {
            name: qwen.name,
            sizeBytes: qwen.size,
            parameters: '494.03M',
            quantization: 'Q4_K_M',
            modifiedAt: qwen.modified_at,
          },
          { name: 'bare', sizeBytes: 0 },
        ],
      });
    } finally {
      await ollama.close();
    }
  });

  it('lists the models of an OpenAI-compatible server', async () => {
    const server = await startFakeOpenAI({ models: json({ data: [{ id: 'b' }, { id: 'a' }] }) });
    try {
      expect((await listed('openai', server.url)).stdout).to.equal('a\nb\n');
      expect(JSON.parse((await listed('openai', server.url, true)).stdout)).to.deep.include({
        models: [{ name: 'a' }, { name: 'b' }],
      });
    } finally {
      await server.close();
    }
  });

  it('notes on stderr that there are no models', async () => {
    const ollama = await startFakeOllama({ tags: json({ models: [] }) });
    const result = await listed('ollama', ollama.url).finally(() => ollama.close());
    expect(result).to.deep.equal({
      stdout: '',
      stderr: `no models at ${ollama.url}; download one with \`tinyllm models pull <name>\`\n`,
    });
  });

  it('throws if the server is down', async () => {
    for (const provider of ['ollama', 'openai'] as const) {
      const error = await listed(provider, `http://127.0.0.1:${await freePort()}`).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(ModelUnavailableError);
    }
  });
});
