import { expect } from 'chai';
import { Lifetime } from '../../../../cli/command/lifetime.js';
import { modelsPs } from '../../../../cli/commands/models/models-ps.js';
import { captureOutput } from '../../../support/captured-output.js';
import { json, startFakeOllama } from '../../../support/fake-ollama.js';

async function shown(models: readonly unknown[], asJson: boolean) {
  const ollama = await startFakeOllama({ ps: json({ models }) });
  const { output, stdout, stderr } = captureOutput();
  const options = { provider: 'ollama', address: ollama.url, json: asJson } as const;
  await modelsPs(options, new Lifetime(output)).finally(() => ollama.close());
  return { url: ollama.url, stdout: stdout.text, stderr: stderr.text };
}

const qwen = { name: 'qwen2.5:0.5b', size: 9e8, size_vram: 6e8, expires_at: '2026-01-01T00:05:00Z' };

describe('tinyllm models ps', () => {
  it('shows the loaded models and when they expire', async () => {
    expect((await shown([qwen], false)).stdout).to.equal(
      [
        'name          memory  video memory  expires',
        'qwen2.5:0.5b  900 MB        600 MB  2026-01-01T00:05:00Z',
        '',
      ].join('\n'),
    );
    const { stdout, url } = await shown([qwen], true);
    expect(JSON.parse(stdout)).to.deep.equal({
      provider: 'ollama',
      url,
      models: [{ name: qwen.name, memoryBytes: 9e8, vramBytes: 6e8, expiresAt: qwen.expires_at }],
    });
  });

  it('notes on stderr that no model is loaded', async () => {
    const { stdout, stderr, url } = await shown([], false);
    expect([stdout, stderr]).to.deep.equal(['', `no models in memory at ${url}\n`]);
  });
});
