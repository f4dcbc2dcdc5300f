import { expect } from 'chai';
import { readUpstreams } from '../../../../cli/commands/proxy/read-upstreams.js';
import { type FakeOllama, json, startFakeOllama } from '../../../support/fake-ollama.js';
import { startFakeServer } from '../../../support/fake-server.js';

describe('readUpstreams', () => {
  const holding = (models: readonly (readonly [name: string, size: number, vram: number])[]): Promise<FakeOllama> =>
    startFakeOllama({
      ps: json({ models: models.map(([name, size, size_vram]) => ({ name, model: name, size, size_vram })) }),
    });

  it('adds up what several servers hold, and leaves out those that are not Ollama', async () => {
    const one = await holding([
      ['a', 10, 4],
      ['b', 5, 0],
    ]);
    const two = await holding([['a', 20, 6]]);
    const other = await startFakeServer(() => undefined);
    const gone = await startFakeServer(() => undefined);
    await gone.close();
    const { signal } = new AbortController();
    const held = await readUpstreams([one.url, other.url, two.url, gone.url], signal);
    expect(held.map(({ model, memoryBytes, vramBytes }) => [model, memoryBytes, vramBytes])).to.deep.equal([
      ['a', 30, 10],
      ['b', 5, 0],
    ]);
    expect(await readUpstreams([one.url], AbortSignal.abort())).to.deep.equal([]);
    await Promise.all([one.close(), two.close(), other.close()]);
  });

  it('asks nobody to whom an upstream would send it', async () => {
    const elsewhere = await holding([['a', 10, 4]]);
    const upstream = await startFakeServer(() => ({ status: 307, headers: { Location: elsewhere.url }, pieces: [] }));
    expect(await readUpstreams([upstream.url], new AbortController().signal)).to.deep.equal([]);
    expect(elsewhere.headers).to.deep.equal([]);
    await Promise.all([elsewhere.close(), upstream.close()]);
  });
});
