import { expect } from 'chai';
import { ModelNotFoundError, ModelUnavailableError, UnknownProviderError } from '../../lib/errors.js';
import { providerNames } from '../../lib/models/provider-names.js';
import { type ModelSelection, selectModelClient } from '../../lib/models/select-model.js';
import { type FakeOllama, type FakeReply, type FakeRoutes, json, startFakeOllama } from '../support/fake-ollama.js';
import { freePort } from '../support/free-port.js';

const version = json({ version: '0.13.0' });
const pulled = (...names: string[]): FakeReply => json({ models: names.map((name) => ({ name, details: {} })) });

describe('selectModelClient', () => {
  const running: FakeOllama[] = [];
  afterEach(() => Promise.all(running.splice(0).map((ollama) => ollama.close())));

  async function chosen(selection: ModelSelection, routes?: FakeRoutes): Promise<string> {
    const ollama = routes === undefined ? undefined : await startFakeOllama(routes);
    if (ollama !== undefined) running.push(ollama);
    const environment = { OLLAMA_HOST: ollama?.url ?? `127.0.0.1:${await freePort()}` };
    const { provider, model } = await selectModelClient({ environment, ...selection });
    return `${provider} ${model}`;
  }

  const error = (work: Promise<unknown>): Promise<unknown> => work.catch((thrown: unknown) => thrown);

  it('picks Ollama when one answers, with the default model when it has that', async () => {
    expect(await chosen({}, { version, tags: pulled('llama3:latest', 'qwen2.5:0.5b') })).to.equal(
      'ollama qwen2.5:0.5b',
    );
  });

  it('picks the model pulled last when the default is not there, but none that only embeds', async () => {
    const tags = pulled('nomic-embed-text:latest', 'llama3:latest', 'phi4:latest');
    expect(await chosen({}, { version, tags })).to.equal('ollama llama3:latest');
  });

  it('falls back to the embedded client when no Ollama answers, or it has no model', async () => {
    expect(await chosen({})).to.equal('embedded embedded');
    expect(await chosen({}, { version, tags: pulled() })).to.equal('embedded embedded');
    expect(await chosen({}, { version, tags: pulled('all-minilm:latest') })).to.equal('embedded embedded');
    expect(await chosen({}, { version, tags: json({ error: 'broken' }, 500) })).to.equal('embedded embedded');
  });

  it('does not take another server for Ollama', async () => {
    expect(await chosen({}, { version: { contentType: 'text/html', pieces: ['<html>'] } })).to.equal(
      'embedded embedded',
    );
    expect(await chosen({}, { version: json({}) })).to.equal('embedded embedded');
  });

  it('does not wait long for an answer', async () => {
    const slow = { ...version, delayMilliseconds: 60_000 };
    expect(await chosen({}, { version: slow, tags: pulled('llama3:latest') })).to.equal('embedded embedded');
  });

  it('takes a provider that is named, there or not', async () => {
    expect(await chosen({ provider: 'ollama' })).to.equal('ollama qwen2.5:0.5b');
    expect(await chosen({ provider: 'ollama', model: 'llama3' })).to.equal('ollama llama3');
    expect(await chosen({ provider: 'embedded' }, { version, tags: pulled('llama3') })).to.equal('embedded embedded');
  });

  it('gives a model without a provider to Ollama when one answers', async () => {
    expect(await chosen({ model: 'llama3' }, { version })).to.equal('ollama llama3');
    expect(await chosen({ model: 'embedded' })).to.equal('embedded embedded');
    const thrown = await error(chosen({ model: 'gemma3' }));
    expect(thrown).to.be.instanceOf(ModelUnavailableError).with.property('model', 'gemma3');
    expect((thrown as Error).message).to.match(/^The model gemma3 needs an Ollama server, .*`ollama serve`/);
  });

  it('refuses providers it does not know, and models the embedded one does not have', async () => {
    const unknown = await error(chosen({ provider: 'gpt' }));
    expect(unknown).to.be.instanceOf(UnknownProviderError);
    for (const name of providerNames) expect((unknown as Error).message).to.include(name);
    expect(await error(chosen({ provider: 'embedded', model: 'llama3' }))).to.be.instanceOf(ModelNotFoundError);
  });

  it('refuses an OLLAMA_HOST that is no address, rather than to overlook it', async () => {
    const thrown = await error(selectModelClient({ environment: { OLLAMA_HOST: 'ftp://host' } }));
    expect(thrown).to.be.instanceOf(ModelUnavailableError);
  });
});
