import { expect } from 'chai';
import { checkProvider, type ProviderCheck } from '../../../../cli/commands/doctor/check-provider.js';
import type { Finding } from '../../../../cli/commands/doctor/finding.js';
import { type FakeRoutes, json, startFakeOllama } from '../../../support/fake-ollama.js';
import { errorResponse, type FakeOpenAIRoutes, startFakeOpenAI } from '../../../support/fake-openai.js';
import type { FakeServer } from '../../../support/fake-server.js';
import { freePort } from '../../../support/free-port.js';

const version = json({ version: '0.13.0' });
const tags = json({
  models: [
    { name: 'llama3:latest', size: 4e9 },
    { name: 'qwen2.5:0.5b', size: 4e8 },
  ],
});

describe('checkProvider', () => {
  const running: FakeServer[] = [];
  afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

  const check = async (options: Partial<ProviderCheck>): Promise<readonly Finding[]> =>
    checkProvider({ provider: undefined, model: undefined, baseUrl: undefined, environment: {}, ...options });
  const briefly = ({ check, verdict, found, fix }: Finding): string =>
    [check, verdict, found, fix ?? ''].join(' | ').trimEnd();

  async function ollama(routes: FakeRoutes, options: Partial<ProviderCheck> = {}): Promise<string[]> {
    const server = await startFakeOllama(routes);
    running.push(server);
    const findings = await check({ environment: { OLLAMA_HOST: server.url }, ...options });
    return findings.map((finding) => briefly(finding).replace(server.url, 'URL'));
  }

  async function openai(routes: FakeOpenAIRoutes, options: Partial<ProviderCheck> = {}): Promise<string[]> {
    const server = await startFakeOpenAI(routes);
    running.push(server);
    const findings = await check({ baseUrl: server.url, ...options });
    return findings.map((finding) => briefly(finding).replace(server.url, 'URL'));
  }

  it('reads the version and the models of Ollama', async () => {
    const answers = 'ollama | ok | 0.13.0 responds at URL and has 2 models |';
    expect(await ollama({ version, tags })).to.deep.equal([answers, 'model | ok | qwen2.5:0.5b, 400 MB |']);
    expect(await ollama({ version, tags }, { model: 'llama3' })).to.deep.equal([
      answers,
      'model | ok | llama3:latest, 4 GB |',
    ]);
    expect(await ollama({ version, tags }, { provider: 'ollama', model: 'phi4' })).to.deep.equal([
      answers,
      'model | failed | Ollama does not have phi4; it has llama3:latest, qwen2.5:0.5b | ollama pull phi4',
    ]);
    expect(await ollama({ version, tags: json({ models: [] }) }, { provider: 'ollama' })).to.deep.equal([
      'ollama | ok | 0.13.0 responds at URL and has no models |',
      'model | failed | Ollama does not have qwen2.5:0.5b | ollama pull qwen2.5:0.5b',
    ]);
  });

  it('fails without Ollama only if Ollama was selected', async () => {
    const host = `http://127.0.0.1:${await freePort()}`;
    const environment = { OLLAMA_HOST: host };
    const absent = `Ollama does not respond at ${host} (ECONNREFUSED) | start it with \`ollama serve\`, or set OLLAMA_HOST to its address`;
    expect((await check({ environment })).map(briefly)).to.deep.equal([
      `ollama | note | ${absent}`,
      'embedded | ok | answers in this process; it is not a language model |',
    ]);
    for (const options of [{ provider: 'ollama' }, { model: 'llama3' }]) {
      expect((await check({ environment, ...options })).map(briefly)).to.deep.equal([`ollama | failed | ${absent}`]);
    }
    expect(await ollama({ version: json('<html>') }, { provider: 'ollama' })).to.have.length(1);
  });

  it('checks the API key and the models of an OpenAI-compatible server', async () => {
    const models = json({ data: [{ id: 'tiny' }] });
    const environment = { OPENAI_API_KEY: 'sk-secret' };
    expect(await openai({ models }, { environment })).to.deep.equal([
      'openai | ok | responds at URL/v1 and accepts the API key; it has 1 model |',
      'model | ok | tiny |',
    ]);
    expect(await openai({ models }, { model: 'large' })).to.deep.equal([
      'openai | ok | responds at URL/v1 without an API key; it has 1 model |',
      'model | failed | the server does not have large; its models: tiny | --model tiny',
    ]);
    const many = json({ data: ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({ id })) });
    expect((await openai({ models: many }))[1]).to.equal(
      'model | failed | no model is selected, and the server has several: a, b, c, d, e, … | --model a',
    );
    const [locked] = await openai({ models: errorResponse(401, 'Incorrect API key: sk-secret') }, { environment });
    expect(locked)
      .to.match(/^openai \| failed \| .* \| set OPENAI_API_KEY to a key of that server$/)
      .and.not.include('sk-secret');
  });

  it('checks the model of the embedded client, and requires a file for llama-cpp', async () => {
    for (const options of [{ provider: 'embedded' }, { model: 'embedded' }]) {
      expect(await check(options))
        .to.have.length(1)
        .and.to.have.nested.property('[0].verdict', 'ok');
    }
    expect((await check({ provider: 'embedded', model: 'llama3' })).map(briefly)).to.deep.equal([
      'model | failed | the embedded client has no model llama3 | --provider ollama --model llama3',
    ]);
  });
});
