import { expect } from 'chai';
import { ModelNotFoundError, ModelUnavailableError } from '../../../lib/core/errors/model-errors.js';
import { UnknownProviderError } from '../../../lib/executor/errors/model-client-errors.js';
import { providerNames } from '../../../lib/executor/models/provider-names.js';
import { type ModelSelection, selectModelClient } from '../../../lib/executor/models/select-model.js';
import { type FakeReply, type FakeRoutes, json, startFakeOllama } from '../../support/fake-ollama.js';
import { type FakeOpenAIRoutes, startFakeOpenAI } from '../../support/fake-openai.js';
import type { FakeServer } from '../../support/fake-server.js';
import { freePort } from '../../support/free-port.js';

const version = json({ version: '0.13.0' });
const pulled = (...names: string[]): FakeReply => json({ models: names.map((name) => ({ name, details: {} })) });

describe('selectModelClient', () => {
  const running: FakeServer[] = [];
  afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

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

  async function openai(routes: FakeOpenAIRoutes = {}): Promise<string> {
    const server = await startFakeOpenAI(routes);
    running.push(server);
    return server.url;
  }
  const listed = (...ids: string[]): FakeReply => json({ object: 'list', data: ids.map((id) => ({ id })) });

  it('takes a base URL for openai, and OPENAI_BASE_URL when that is named', async () => {
    const baseUrl = await openai();
    expect(await chosen({ baseUrl, model: 'tiny' }, { version })).to.equal('openai tiny');
    const environment = { OPENAI_BASE_URL: baseUrl };
    const client = await selectModelClient({ provider: 'openai', model: 'tiny', environment });
    expect(client).to.include({ provider: 'openai', model: 'tiny', url: `${baseUrl}/v1` });
    const own = await selectModelClient({ provider: 'openai', model: 'tiny', environment: {} });
    expect(own).to.have.property('url', 'https://api.openai.com/v1');
  });

  it('does not turn to openai unasked', async () => {
    const environment = {
      OLLAMA_HOST: `127.0.0.1:${await freePort()}`,
      OPENAI_BASE_URL: await openai(),
      OPENAI_API_KEY: 'sk',
    };
    expect(await selectModelClient({ environment })).to.have.property('provider', 'embedded');
  });

  it('takes the one model that an OpenAI-compatible server has', async () => {
    expect(await chosen({ baseUrl: await openai({ models: listed('tiny.gguf') }) })).to.equal('openai tiny.gguf');
    for (const models of [listed(), listed('one', 'two')]) {
      const thrown = await error(chosen({ baseUrl: await openai({ models }) }));
      expect(thrown).to.be.instanceOf(ModelNotFoundError);
      expect((thrown as Error).message).to.match(/has [02] models to choose from; name one with `--model`/);
    }
    const absent = `http://127.0.0.1:${await freePort()}`;
    expect(await error(chosen({ baseUrl: absent }))).to.be.instanceOf(ModelUnavailableError);
  });

  it('takes a base URL for where Ollama is, when that is named', async () => {
    const ollama = await startFakeOllama({});
    running.push(ollama);
    const client = await selectModelClient({ provider: 'ollama', baseUrl: ollama.url, environment: {} });
    expect(client).to.include({ provider: 'ollama', url: ollama.url });
  });

  it('takes a file for llama-cpp, which it does not look at', async () => {
    expect(await chosen({ provider: 'llama-cpp', model: 'models/tiny.gguf' })).to.equal('llama-cpp tiny');
    const thrown = await error(chosen({ provider: 'llama-cpp' }));
    expect(thrown).to.be.instanceOf(ModelNotFoundError);
    expect((thrown as Error).message).to.include('`--model path/to/model.gguf`');
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
