import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { ModelError, ModelUnavailableError } from '../../../lib/core/errors/model-errors.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { AllModelsFailedError, ModelTimeoutError } from '../../../lib/executor/errors/model-client-errors.js';
import { FallbackClient } from '../../../lib/executor/models/fallback-client.js';
import type { ModelChunk } from '../../../lib/executor/models/model-client.js';
import { sampleValue } from '../../support/parse-text.js';
import { registryText } from '../../support/registry-text.js';
import { piecesOf, ScriptedModel, type Step } from '../../support/scripted-model.js';

const provider = 'stub';
const down = new ModelUnavailableError('It is down.', { provider });
const late = new ModelTimeoutError('It is late.', { provider });
const refused = new ModelError('It does not like that.', { provider, status: 400 });
const request = { prompt: 'Hi' };

describe('FallbackClient', () => {
  let registry: SharedRegistry;
  let collector: MetricsCollector;
  beforeEach(() => {
    registry = new SharedRegistry();
    collector = new MetricsCollector(registry);
  });

  function chain(...steps: readonly Step[]) {
    const models = steps.map((step, index) => new ScriptedModel(`m${index + 1}`, [step]));
    const [first, ...others] = models as [ScriptedModel, ...ScriptedModel[]];
    return { models, client: new FallbackClient(first, others, { collector }) };
  }
  const fallbacks = (fallback_model: string, reason: string): number | undefined =>
    sampleValue(registryText(registry), 'tinyllm_fallbacks_total', { requested_model: 'm1', fallback_model, reason });
  const caught = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

  it('calls only the first model while it answers', async () => {
    const { client, models } = chain('one', 'two');
    expect(await client.generate(request)).to.include({ text: 'one', model: 'm1' });
    expect(await piecesOf(client.stream(request))).to.deep.equal(['one']);
    expect(models[1]?.requests).to.deep.equal([]);
    expect([client.provider, client.model]).to.deep.equal(['stub', 'm1']);
    expect(registryText(registry)).not.to.contain('tinyllm_fallbacks_total{');
  });

  it('calls the fallbacks in order, names the model that answered, and counts the reason', async () => {
    const { client } = chain(late, refused, 'three');
    expect(await client.generate(request)).to.include({ text: 'three', model: 'm3', provider: 'stub' });
    expect(fallbacks('m3', 'timeout')).to.equal(1);
    const chunks: ModelChunk[] = [];
    for await (const chunk of client.stream(request)) chunks.push(chunk);
    expect(chunks.map(({ model }) => model)).to.deep.equal(['m3', 'm3']);
    expect(fallbacks('m3', 'timeout')).to.equal(2);
  });

  it('does not fall back in the middle of a stream', async () => {
    const { client } = chain({ pieces: ['half '], error: down }, 'two');
    expect(await piecesOf(client.stream(request))).to.deep.equal(['half ', down]);
    const empty = chain({ pieces: [], error: down }, 'two');
    expect(await piecesOf(empty.client.stream(request))).to.deep.equal(['two']);
  });

  it('throws the messages of all models when none answers', async () => {
    const { client } = chain(down, late);
    for (const error of [
      await caught(client.generate(request)),
      await piecesOf(client.stream(request)).then(([one]) => one),
    ]) {
      expect(error).to.be.instanceOf(AllModelsFailedError).with.property('errors').that.deep.equals([down, late]);
      expect((error as Error).message).to.equal('None of 2 models answered. m1: It is down. m2: It is late.');
    }
    expect(registryText(registry)).not.to.contain('tinyllm_fallbacks_total{');
  });

  it('does not fall back after a cancellation or another error', async () => {
    const bug = new TypeError('a bug');
    expect(await caught(chain(bug, 'two').client.generate(request))).to.equal(bug);
    const reason = new Error('left');
    const signal = AbortSignal.abort(reason);
    expect(await caught(chain('never', 'two').client.generate({ ...request, signal }))).to.equal(reason);
    expect(await piecesOf(chain('never', 'two').client.stream({ ...request, signal }))).to.deep.equal([reason]);
  });

  it('closes all models, and computes embeddings with the first', async () => {
    const { client, models } = chain('one', 'two');
    await client.close();
    expect(models.map(({ closed }) => closed)).to.deep.equal([1, 1]);
    expect(client.embed).to.equal(undefined);
  });
});
