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

  async function selected(selection: ModelSelection, routes?: FakeRoutes): Promise<string> {
    const ollama = routes === undefined ? undefined : await startFakeOllama(routes);
    if (ollama !== undefined) running.push(ollama);
    const environment = { OLLAMA_HOST: ollama?.url ?? `127.0.0.1:${await freePort()}` };
    const { provider, model } = await selectModelClient({ environment, ...selection });
    return `${provider} ${model}`;
  }

  const error = (work: Promise<unknown>): Promise<unknown> => work.catch((thrown: unknown) => thrown);

  it('selects Ollama with the default model if the server responds and has it', async () => {
    expect(await selected({}, { version, tags: pulled('llama3:latest', 'qwen2.5:0.5b') })).to.equal(
      'ollama qwen2.5:0.5b',
    );
  });

  it('selects the most recent chat model if the default model is missing', async () => {
    const tags = pulled('nomic-embed-text:latest', 'llama3:latest', 'phi4:latest');
    expect(await selected({}, { version, tags })).to.equal('ollama llama3:latest');
  });

  it('selects the embedded client if no Ollama server responds or it has no chat model', async () => {
    expect(await selected({})).to.equal('embedded embedded');
    expect(await selected({}, { version, tags: pulled() })).to.equal('embedded embedded');
    expect(await selected({}, { version, tags: pulled('all-minilm:latest') })).to.equal('embedded embedded');
    expect(await selected({}, { version, tags: json({ error: 'broken' }, 500) })).to.equal('embedded embedded');
  });

  it('does not mistake another server for Ollama', async () => {
    expect(await selected({}, { version: { contentType: 'text/html', pieces: ['<html>'] } })).to.equal(
      'embedded embedded',
    );
    expect(await selected({}, { version: json({}) })).to.equal('embedded embedded');
  });

  it('does not wait long for a response', async () => {
    const slow = { ...version, delayMilliseconds: 60_000 };
    expect(await selected({}, { version: slow, tags: pulled('llama3:latest') })).to.equal('embedded embedded');
  });

  it('uses a selected provider without contacting it', async () => {
    expect(await selected({ provider: 'ollama' })).to.equal('ollama qwen2.5:0.5b');
    expect(await selected({ provider: 'ollama', model: 'llama3' })).to.equal('ollama llama3');
    expect(await selected({ provider: 'embedded' }, { version, tags: pulled('llama3') })).to.equal('embedded embedded');
  });

  it('uses Ollama for a model without a provider if the server responds', async () => {
    expect(await selected({ model: 'llama3' }, { version })).to.equal('ollama llama3');
    expect(await selected({ model: 'embedded' })).to.equal('embedded embedded');
    const thrown = await error(selected({ model: 'gemma3' }));
    expect(thrown).to.be.instanceOf(ModelUnavailableError).with.property('model', 'gemma3');
    expect((thrown as Error).message).to.match(/^The model gemma3 needs an Ollama server, .*`ollama serve`/);
  });

  async function openai(routes: FakeOpenAIRoutes = {}): Promise<string> {
    const server = await startFakeOpenAI(routes);
    running.push(server);
    return server.url;
  }
  const listed = (...ids: string[]): FakeReply => json({ object: 'list', data: ids.map((id) => ({ id })) });

  it('uses openai for a base URL, and reads OPENAI_BASE_URL if openai is selected', async () => {
    const baseUrl = await openai();
    expect(await selected({ baseUrl, model: 'tiny' }, { version })).to.equal('openai tiny');
    const environment = { OPENAI_BASE_URL: baseUrl };
    const client = await selectModelClient({ provider: 'openai', model: 'tiny', environment });
    expect(client).to.include({ provider: 'openai', model: 'tiny', url: `${baseUrl}/v1` });
    const own = await selectModelClient({ provider: 'openai', model: 'tiny', environment: {} });
    expect(own).to.have.property('url', 'https://api.openai.com/v1');
  });

  it('does not select openai because of environment variables', async () => {
    const environment = {
      OLLAMA_HOST: `127.0.0.1:${await freePort()}`,
      OPENAI_BASE_URL: await openai(),
      OPENAI_API_KEY: 'sk',
    };
    expect(await selectModelClient({ environment })).to.have.property('provider', 'embedded');
  });

  it('uses the only model of an OpenAI-compatible server', async () => {
    expect(await selected({ baseUrl: await openai({ models: listed('tiny.gguf') }) })).to.equal('openai tiny.gguf');
    for (const models of [listed(), listed('one', 'two')]) {
      const thrown = await error(selected({ baseUrl: await openai({ models }) }));
      expect(thrown).to.be.instanceOf(ModelNotFoundError);
      expect((thrown as Error).message).to.match(/has [02] models, expected 1; choose one with `--model`/);
    }
    const absent = `http://127.0.0.1:${await freePort()}`;
    expect(await error(selected({ baseUrl: absent }))).to.be.instanceOf(ModelUnavailableError);
  });

  it('uses a base URL as the address of Ollama if ollama is selected', async () => {
    const ollama = await startFakeOllama({});
    running.push(ollama);
    const client = await selectModelClient({ provider: 'ollama', baseUrl: ollama.url, environment: {} });
    expect(client).to.include({ provider: 'ollama', url: ollama.url });
  });

  it('accepts a file for llama-cpp without reading it', async () => {
    expect(await selected({ provider: 'llama-cpp', model: 'models/tiny.gguf' })).to.equal('llama-cpp tiny');
    const thrown = await error(selected({ provider: 'llama-cpp' }));
    expect(thrown).to.be.instanceOf(ModelNotFoundError);
    expect((thrown as Error).message).to.include('`--model path/to/model.gguf`');
  });

  it('rejects unknown providers, and other models of the embedded provider', async () => {
    const unknown = await error(selected({ provider: 'gpt' }));
    expect(unknown).to.be.instanceOf(UnknownProviderError);
    for (const name of providerNames) expect((unknown as Error).message).to.include(name);
    expect(await error(selected({ provider: 'embedded', model: 'llama3' }))).to.be.instanceOf(ModelNotFoundError);
  });

  it('rejects an invalid OLLAMA_HOST instead of ignoring it', async () => {
    const thrown = await error(selectModelClient({ environment: { OLLAMA_HOST: 'ftp://host' } }));
    expect(thrown).to.be.instanceOf(ModelUnavailableError);
  });
});
