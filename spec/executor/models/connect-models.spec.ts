import { mock } from 'node:test';
import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { ModelUnavailableError } from '../../../lib/core/errors/model-errors.js';
import { SharedRegistry, registry as shared } from '../../../lib/core/metrics/shared-registry.js';
import {
  AllModelsFailedError,
  CircuitOpenError,
  ModelSettingsError,
  UnknownProviderError,
} from '../../../lib/executor/errors/model-client-errors.js';
import { CachedClient } from '../../../lib/executor/models/cached-client.js';
import {
  type ConnectModelsOptions,
  connectModels,
  modelReference,
} from '../../../lib/executor/models/connect-models.js';
import type { ModelSelection } from '../../../lib/executor/models/select-model.js';
import { ResponseCache } from '../../../lib/executor/stores/response-cache.js';
import {
  chatLines,
  type FakeOllama,
  type FakeReply,
  json,
  startFakeOllama,
  streamed,
} from '../../support/fake-ollama.js';
import { freePort } from '../../support/free-port.js';
import { sampleValue } from '../../support/parse-text.js';
import { registryText } from '../../support/registry-text.js';
import { ScriptedModel } from '../../support/scripted-model.js';

const request = { prompt: 'What is 2+2?' };
const caught = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('connectModels', () => {
  let registry: SharedRegistry;
  let collector: MetricsCollector;
  beforeEach(() => {
    registry = new SharedRegistry();
    collector = new MetricsCollector(registry);
  });

  const value = (name: string, labels: Readonly<Record<string, string>>): number | undefined =>
    sampleValue(registryText(registry), `tinyllm_${name}`, labels);

  describe('without a server', () => {
    const selections: ModelSelection[] = [];
    const made: ScriptedModel[] = [];
    beforeEach(() => {
      selections.length = 0;
      made.length = 0;
    });

    const connect = (options: ConnectModelsOptions) =>
      connectModels({
        collector,
        environment: { KEY: 'secret' },
        select: async (selection = {}) => {
          const { environment: _environment, ...rest } = selection;
          selections.push(rest);
          const model = new ScriptedModel(rest.model ?? 'some');
          made.push(model);
          return model;
        },
        ...options,
      });

    it('creates a default model if there are no settings', async () => {
      const models = await connect({});
      expect(selections).to.deep.equal([{}]);
      expect((await models.default.generate(request)).text).to.equal('an answer');
      expect(models.get('default')).to.equal(models.default);
      expect(value('circuit_breaker_state', { model: 'some' })).to.equal(0);
      await models.close();
      expect(made.map(({ closed }) => closed)).to.deep.equal([1]);
    });

    it('creates clients by name, each with its own settings', async () => {
      const { get } = await connect({
        models: {
          large: {
            provider: 'ollama',
            model: 'l',
            base_url: 'http://host',
            api_key_env: 'KEY',
            keep_alive: -1,
            max_response_bytes: 1000,
            max_tokens: 5,
            temperature: 0.5,
          },
        },
      });
      expect(selections).to.deep.equal([
        {},
        {
          provider: 'ollama',
          model: 'l',
          baseUrl: 'http://host',
          apiKey: 'secret',
          keepAlive: -1,
          maxResponseBytes: 1000,
        },
      ]);
      await get('large').generate(request);
      expect(made[1]?.requests[0]).to.include({ maxTokens: 5, temperature: 0.5 });
    });

    it('overrides the settings of the file with those of the command line', async () => {
      const models = {
        default: { provider: 'ollama', model: 'l', base_url: 'http://host', temperature: 1 },
        other: { model: 'o' },
      } as const;
      await connect({ models, overrides: { selection: { model: 'm' } } });
      await connect({ models, overrides: { selection: { provider: 'embedded' } } });
      expect(selections).to.deep.equal([
        { provider: 'ollama', model: 'm', baseUrl: 'http://host' },
        { model: 'o' },
        { provider: 'embedded' },
        { model: 'o' },
      ]);
    });

    it('keeps the model and server of the file if the command line selects the provider that they imply', async () => {
      const server = { model: 'm', base_url: 'http://host/v1', api_key_env: 'KEY' };
      await connect({ models: { default: server }, overrides: { selection: { provider: 'openai' } } });
      await connect({ models: { default: server }, overrides: { selection: { provider: 'ollama' } } });
      await connect({ models: { default: { model: 'm' } }, overrides: { selection: { provider: 'ollama' } } });
      await connect({ models: { default: { model: 'm' } }, overrides: { selection: { provider: 'embedded' } } });
      await connect({ models: { default: { model: 'embedded' } }, overrides: { selection: { provider: 'embedded' } } });
      expect(selections).to.deep.equal([
        { provider: 'openai', model: 'm', baseUrl: 'http://host/v1', apiKey: 'secret' },
        { provider: 'ollama' },
        { provider: 'ollama', model: 'm' },
        { provider: 'embedded' },
        { provider: 'embedded', model: 'embedded' },
      ]);
    });

    it('sends requests to a fallback of the same provider to the same server', async () => {
      const fallback = ['openai/other', 'ollama/l'];
      await connect({ overrides: { selection: { base_url: 'http://host/v1', model: 'm' }, fallback } });
      expect(selections).to.deep.equal([
        { model: 'm', baseUrl: 'http://host/v1' },
        { provider: 'openai', model: 'other', baseUrl: 'http://host/v1' },
        { provider: 'ollama', model: 'l' },
      ]);
    });

    it('creates price metrics only if a model has a price', async () => {
      const price = { input: 1_000_000, output: 0 };
      const { get } = await connect({ models: { dear: { model: 'd', price }, free: { model: 'f' } } });
      expect(await get('dear').generate(request)).to.have.property('costUsd', 7);
      await get('free').generate(request);
      expect(value('cost_usd_total', { model: 'd', graph: 'default' })).to.equal(7);
      expect(value('unpriced_requests_total', { model: 'f' })).to.equal(1);
      await (await connect({})).default.generate(request);
      expect(value('unpriced_requests_total', { model: 'some' })).to.equal(undefined);
    });

    it('creates a cache for each model, with a scope of the settings that can change its answers', async () => {
      const scopes: string[] = [];
      const cached = new ScriptedModel('cached');
      const models = await connect({
        models: { default: { model: 'm', fallback: ['warm'] }, warm: { model: 'm', temperature: 1 } },
        cache: (_client, scope) => {
          scopes.push(scope);
          return cached;
        },
      });
      expect(models.get('warm')).to.equal(cached);
      expect(new Set(scopes)).to.have.property('size', 2);
    });

    it('never caches the answer of a fallback for the first model', async () => {
      const down = new ModelUnavailableError('down', { provider: 'stub' });
      const first = new ScriptedModel('first', [down, down, 'from first']);
      const small = new ScriptedModel('small', ['from small'], { provider: 'other' });
      const cache = new ResponseCache();
      const models = await connectModels({
        collector,
        models: { default: { model: 'first', retry: { attempts: 1 }, fallback: ['small'] }, small: { model: 'small' } },
        cache: (client, scope) => new CachedClient(client, { cache, scope }),
        select: async ({ model } = {}) => (model === 'first' ? first : small),
      });
      const answers = [];
      for (const _ of [1, 2, 3, 4]) answers.push(await models.default.generate(request));
      expect(answers.map(({ text, model, provider, cached }) => [text, model, provider, cached])).to.deep.equal([
        ['from small', 'small', 'other', undefined],
        ['from small', 'small', 'other', 'memory'],
        ['from first', 'first', undefined, undefined],
        ['from first', 'first', undefined, 'memory'],
      ]);
      expect((await models.get('small').generate(request)).cached).to.equal('memory');
      expect([first.requests.length, small.requests.length]).to.deep.equal([3, 1]);
    });

    it('shows the worst state of all circuit breakers of the same name in one metric', async () => {
      const down = new ModelUnavailableError('down', { provider: 'stub' });
      const connected = await connectModels({
        collector,
        models: {
          a: { model: 'm', retry: { attempts: 1 }, breaker: { failures: 1, open_for: 60 } },
          b: { model: 'm', retry: { attempts: 1 }, breaker: { failures: 3, open_for: 30 } },
        },
        select: async () => new ScriptedModel('m', [down, 'up']),
      });
      const state = () => value('circuit_breaker_state', { model: 'm' });
      expect(state()).to.equal(0);
      await caught(connected.get('a').generate(request));
      expect(state()).to.equal(2);
      await caught(connected.get('b').generate(request));
      await connected.get('b').generate(request);
      expect(state()).to.equal(2);
      const other = await connectModels({
        collector,
        models: { c: { model: 'm' } },
        select: async () => new ScriptedModel('m'),
      });
      expect(state()).to.equal(2);
      await connected.close();
      expect(state()).to.equal(0);
      expect(value('circuit_breaker_transitions_total', { model: 'm', from: 'closed', to: 'open' })).to.equal(1);
      await other.close();
    });

    it('creates one circuit breaker per model', async () => {
      const { get } = await connectModels({
        collector,
        models: {
          a: { model: 'm', retry: { attempts: 1 }, breaker: { failures: 1 } },
          b: { model: 'm', temperature: 1, breaker: { failures: 1 } },
        },
        select: async () => new ScriptedModel('m', [new ModelUnavailableError('down', { provider: 'stub' })]),
      });
      await caught(get('a').generate(request));
      expect(await caught(get('b').generate(request))).to.be.instanceOf(CircuitOpenError);
    });

    it('throws if the settings contradict each other', async () => {
      const refusal = async (options: ConnectModelsOptions) => {
        const error = await caught(connect(options));
        expect(error).to.be.instanceOf(ModelSettingsError);
        return (error as Error).message;
      };
      expect(await refusal({ models: { large: { fallback: ['smal'] }, small: {} } })).to.match(
        /^No model is named "smal"; expected default, large, small\. Did you mean "small"\?$/,
      );
      expect(await refusal({ models: { large: { api_key_env: 'sk-secret' } } }))
        .to.match(/^The environment variable in api_key_env of the model large is not set; /)
        .and.not.contain('sk-secret');
      expect(await caught(connect({ overrides: { fallback: ['gpt/5'] } }))).to.be.instanceOf(UnknownProviderError);
      const { get } = await connect({});
      expect(() => get('other')).to.throw(ModelSettingsError, 'No model is named "other"; expected default.');
    });
  });

  describe('against a server', () => {
    const running: FakeOllama[] = [];
    afterEach(async () => {
      mock.timers.reset();
      await Promise.all(running.splice(0).map((ollama) => ollama.close()));
    });

    const fine = streamed([chatLines(['four'], { prompt_eval_count: 1, eval_count: 1 })]);
    const error = (status: number): FakeReply => json({ error: 'not now' }, status);

    /** Connects a model to a server that sends these replies in order, and then repeats the last one. */
    async function connected(model: string, replies: readonly FakeReply[], options: ConnectModelsOptions = {}) {
      let asked = 0;
      const chat = (): FakeReply => {
        asked += 1;
        return replies[Math.min(asked, replies.length) - 1] ?? fine;
      };
      const ollama = await startFakeOllama({ chat });
      running.push(ollama);
      const models = await connectModels({
        collector,
        environment: { OLLAMA_HOST: ollama.url },
        models: {
          default: { provider: 'ollama', model, retry: { initial_delay: 0.001 }, breaker: { failures: 3 } },
        },
        ...options,
      });
      return { ollama, models };
    }

    const requests = async (model: string): Promise<number | undefined> =>
      sampleValue(`${await shared.getSingleMetricAsString('tinyllm_requests_total')}\n`, 'tinyllm_requests_total', {
        model,
        graph: 'default',
        request_type: 'generate',
      });

    it('retries after two responses with status 500', async () => {
      const { models } = await connected('twice-500', [error(500), error(500), fine]);
      expect((await models.default.generate(request)).text).to.equal('four');
      expect(value('retries_total', { model: 'twice-500', reason: 'server_error' })).to.equal(2);
      expect(await requests('twice-500')).to.equal(3);
      expect(value('circuit_breaker_state', { model: 'twice-500' })).to.equal(0);
    });

    it('sends no requests while a circuit breaker is open, and then one trial request', async () => {
      mock.timers.enable({ apis: ['Date'] });
      const model = 'down-then-up';
      const { models, ollama } = await connected(model, [error(503), error(503), error(503), fine]);
      expect(await caught(models.default.generate(request))).to.have.property('status', 503);
      expect(await caught(models.default.generate(request))).to.be.instanceOf(CircuitOpenError);
      expect(ollama.asked).to.have.length(3);
      expect(value('circuit_breaker_state', { model })).to.equal(2);
      expect(value('circuit_breaker_failures_total', { model })).to.equal(3);
      expect(value('circuit_breaker_rejected_total', { model })).to.equal(1);
      mock.timers.tick(30_000);
      expect((await models.default.generate(request)).text).to.equal('four');
      expect(value('circuit_breaker_state', { model })).to.equal(0);
      expect(value('circuit_breaker_transitions_total', { model, from: 'half-open', to: 'closed' })).to.equal(1);
    });

    it('falls back to an available model', async () => {
      const models = await connectModels({
        collector,
        environment: { OLLAMA_HOST: `127.0.0.1:${await freePort()}` },
        overrides: {
          selection: { provider: 'ollama', model: 'absent' },
          resilience: { retry: { attempts: 2, initial_delay: 0.001 } },
          fallback: ['embedded'],
        },
      });
      expect(await models.default.generate(request)).to.include({ text: '4', model: 'embedded' });
      const labels = { requested_model: 'absent', fallback_model: 'embedded', reason: 'unavailable' };
      expect(value('fallbacks_total', labels)).to.equal(1);
      expect(value('retries_total', { model: 'absent', reason: 'unavailable' })).to.equal(1);
      const none = await caught(models.default.generate({ prompt: 'Who are you?' }));
      expect(none).to.be.instanceOf(AllModelsFailedError);
      expect((none as Error).message)
        .to.contain('ollama serve')
        .and.contain('answers only arithmetic');
    });

    it('ends requests that are never answered with a timeout, and leaves none active', async () => {
      const model = 'never-answers';
      const { models, ollama } = await connected(model, [streamed([], 'stay')], {
        overrides: { resilience: { timeout: 0.05, retry: { attempts: 2 } } },
      });
      expect(await caught(models.default.generate(request))).to.have.property('name', 'ModelTimeoutError');
      expect(ollama.asked).to.have.length(2);
      const scraped = await shared.metrics();
      const labels = { model, graph: 'default' };
      expect(sampleValue(scraped, 'tinyllm_errors_total', { ...labels, error_type: 'timeout' })).to.equal(2);
      expect(sampleValue(scraped, 'tinyllm_active_requests', labels)).to.equal(0);
      expect(value('retries_total', { model, reason: 'timeout' })).to.equal(1);
    });
  });
});

describe('modelReference', () => {
  it('parses a provider with a model, or only a provider', () => {
    expect(modelReference('ollama/hf.co/someone/model:Q4')).to.deep.equal({
      provider: 'ollama',
      model: 'hf.co/someone/model:Q4',
    });
    expect(modelReference('embedded')).to.deep.equal({ provider: 'embedded' });
    expect(modelReference('ollama/')).to.deep.equal({ provider: 'ollama' });
  });

  it('rejects unknown providers', () => {
    expect(() => modelReference('olama/qwen2.5:0.5b')).to.throw(
      UnknownProviderError,
      /^"olama\/qwen2\.5:0\.5b" is not a model; expected provider\/model, .* Did you mean "ollama"\?$/,
    );
    expect(() => modelReference('')).to.throw(UnknownProviderError);
  });
});
