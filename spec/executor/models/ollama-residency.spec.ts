import { expect } from 'chai';
import { ModelProtocolError, ModelUnavailableError } from '../../../lib/core/errors/model-errors.js';
import { readOllamaResidency } from '../../../lib/executor/models/ollama-residency.js';
import { json, startFakeOllama } from '../../support/fake-ollama.js';
import { freePort } from '../../support/free-port.js';

async function residencyOf(ps: unknown): Promise<unknown> {
  const ollama = await startFakeOllama({ ps: json(ps) });
  return readOllamaResidency({ host: ollama.url })
    .catch((error: unknown) => error)
    .finally(() => ollama.close());
}

describe('readOllamaResidency', () => {
  it('lists the models in memory with their size in bytes', async () => {
    const models = [
      { name: 'qwen2.5:0.5b', size: 900, size_vram: 600, expires_at: '2026-01-01T00:05:00Z', context_length: 4096 },
      { name: 'all-minilm', size: 50 },
    ];
    expect(await residencyOf({ models })).to.deep.equal([
      { model: 'qwen2.5:0.5b', memoryBytes: 900, vramBytes: 600, expiresAt: '2026-01-01T00:05:00Z' },
      { model: 'all-minilm', memoryBytes: 50, vramBytes: 0 },
    ]);
  });

  it('treats invalid sizes as zero, and a missing name as empty', async () => {
    expect(await residencyOf({ models: [{ name: 7, size: '900', size_vram: -1 }, { name: null }] })).to.deep.equal([
      { model: '7', memoryBytes: 0, vramBytes: 0 },
      { model: '', memoryBytes: 0, vramBytes: 0 },
    ]);
  });

  for (const answer of [null, [], {}, { models: null }, { models: [1] }]) {
    it(`rejects ${JSON.stringify(answer)}`, async () => {
      expect(await residencyOf(answer)).to.be.instanceOf(ModelProtocolError);
    });
  }

  it('throws ModelUnavailableError if the server does not respond', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    expect(await readOllamaResidency({ host }).catch((error: unknown) => error)).to.be.instanceOf(
      ModelUnavailableError,
    );
  });
});
