import { expect } from 'chai';
import { readUpstreams } from '../../../../cli/commands/proxy/read-upstreams.js';
import { type FakeOllama, json, startFakeOllama } from '../../../support/fake-ollama.js';
import { startFakeServer } from '../../../support/fake-server.js';
import { startRawUpstream } from '../../../support/proxy/raw-upstream.js';

describe('readUpstreams', () => {
  const holding = (models: readonly (readonly [name: string, size: number, vram: number])[]): Promise<FakeOllama> =>
    startFakeOllama({
      ps: json({ models: models.map(([name, size, size_vram]) => ({ name, model: name, size, size_vram })) }),
    });

  it('adds up the loaded models of several servers, and ignores servers that are not Ollama', async () => {
    const one = await holding([
      ['a', 10, 4],
      ['b', 5, 0],
    ]);
    const two = await holding([['a', 20, 6]]);
    const other = await startFakeServer(() => undefined);
    const gone = await startFakeServer(() => undefined);
    await gone.close();
    const { signal } = new AbortController();
    const contacts = new Map<string, string>();
    const models = await readUpstreams({
      urls: [one.url, other.url, two.url, gone.url],
      signal,
      onContact: (url, contact) => contacts.set(url, contact),
    });
    expect(models.map(({ model, memoryBytes, vramBytes }) => [model, memoryBytes, vramBytes])).to.deep.equal([
      ['a', 30, 10],
      ['b', 5, 0],
    ]);
    expect([...contacts]).to.have.deep.members([
      [one.url, 'answered'],
      [two.url, 'answered'],
      [other.url, 'answered'],
      [gone.url, 'unreachable'],
    ]);
    expect(await readUpstreams({ urls: [one.url], signal: AbortSignal.abort() })).to.deep.equal([]);
    await Promise.all([one.close(), two.close(), other.close()]);
  });

  it('does not follow redirects of an upstream', async () => {
    const elsewhere = await holding([['a', 10, 4]]);
    const upstream = await startFakeServer(() => ({ status: 307, headers: { Location: elsewhere.url }, pieces: [] }));
    expect(await readUpstreams({ urls: [upstream.url], signal: new AbortController().signal })).to.deep.equal([]);
    expect(elsewhere.headers).to.deep.equal([]);
    await Promise.all([elsewhere.close(), upstream.close()]);
  });

  it('sends the key, and distinguishes failed servers from servers that are not Ollama', async () => {
    const one = await holding([['a', 10, 4]]);
    const statuses = [401, 404, 500, 502, 503, 307];
    const servers = await Promise.all(
      statuses.map((status) => startFakeServer(() => ({ status, headers: { Location: one.url }, pieces: [] }))),
    );
    const breaking = await startRawUpstream((socket) => void socket.resetAndDestroy());
    const contacts = new Map<string, string>();
    await readUpstreams({
      urls: [one.url, breaking.url, ...servers.map(({ url }) => url)],
      signal: new AbortController().signal,
      apiKey: 'sk-upstream',
      onContact: (url, contact) => contacts.set(url, contact),
    });
    expect(one.headers[0]).to.include({ authorization: 'Bearer sk-upstream' });
    expect(one.headers, 'no redirection is followed').to.have.length(1);
    expect(servers.map(({ url }) => contacts.get(url))).to.deep.equal([
      ...['answered', 'answered', 'answered', 'unavailable', 'unavailable', 'answered'],
    ]);
    expect(contacts.get(breaking.url)).to.equal('broken');
    await Promise.all([one, breaking, ...servers].map((server) => server.close()));
  });
});
