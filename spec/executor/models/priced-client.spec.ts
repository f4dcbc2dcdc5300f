import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { ModelProtocolError } from '../../../lib/core/errors/model-errors.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import type { ModelChunk, TokenUsage } from '../../../lib/executor/models/model-client.js';
import { type ModelPrice, PricedClient } from '../../../lib/executor/models/priced-client.js';
import { sampleValue } from '../../support/parse-text.js';
import { registryText } from '../../support/registry-text.js';
import { piecesOf, ScriptedModel, type Step } from '../../support/scripted-model.js';

const broken = new ModelProtocolError('It broke off.', { provider: 'stub' });
const request = { prompt: 'Hi', graph: 'g' };
const price = { input: 1_000_000, output: 2_000_000 };
/** The cost of the scripted model's 7 input tokens and 3 output tokens. */
const cost = 13;

describe('PricedClient', () => {
  let registry: SharedRegistry;
  let collector: MetricsCollector;
  beforeEach(() => {
    registry = new SharedRegistry();
    collector = new MetricsCollector(registry);
  });

  const clientOf = (priced: ModelPrice | undefined, step: Step = 'fine') =>
    new PricedClient(new ScriptedModel('m', [step]), { price: priced, collector });
  const spent = (): number | undefined =>
    sampleValue(registryText(registry), 'tinyllm_cost_usd_total', { model: 'm', graph: 'g' });
  const unpriced = (): number | undefined =>
    sampleValue(registryText(registry), 'tinyllm_unpriced_requests_total', { model: 'm' });

  it('returns the cost of an answer, and records the total', async () => {
    const client = clientOf(price);
    expect((await client.generate(request)).costUsd).to.equal(cost);
    const chunks: ModelChunk[] = [];
    for await (const chunk of client.stream(request)) chunks.push(chunk);
    expect(chunks.map(({ costUsd }) => costUsd)).to.deep.equal([undefined, cost]);
    expect(spent()).to.equal(2 * cost);
    expect(unpriced()).to.equal(undefined);
  });

  it('records the provider in the label `provider`, if it is declared', async () => {
    collector.meter.configure({ labels: ['tenant', 'provider'] });
    const client = clientOf(price);
    await client.generate(request);
    await clientOf(undefined).generate(request);
    const labels = { model: 'm', tenant: '', provider: client.provider };
    const text = registryText(registry);
    expect(sampleValue(text, 'tinyllm_cost_usd_total', { ...labels, graph: 'g' })).to.equal(cost);
    expect(sampleValue(text, 'tinyllm_unpriced_requests_total', labels)).to.equal(1);
  });

  it('applies separate prices to tokens that were read from or written to the prompt cache', async () => {
    const costOf = async (usage: TokenUsage, cachePrices: Partial<ModelPrice>) => {
      const model = new ScriptedModel('m');
      model.generate = async () => ({ text: '', model: 'm', finishReason: 'stop', usage, timings: {} });
      return (await new PricedClient(model, { price: { ...price, ...cachePrices }, collector }).generate(request))
        .costUsd;
    };
    const usage = { inputTokens: 10, outputTokens: 1, cachedInputTokens: 6, cacheWriteTokens: 3 };
    expect(await costOf(usage, {})).to.equal(12);
    expect(await costOf(usage, { cachedInput: 500_000 })).to.equal(1 + 3 + 3 + 2);
    expect(await costOf(usage, { cachedInput: 500_000, cacheWrite: 2_000_000 })).to.equal(1 + 3 + 6 + 2);
    expect(await costOf({ ...usage, inputTokens: 5 }, { cachedInput: 0, cacheWrite: 0 })).to.equal(2);
  });

  it('counts answers without a price or without token counts as unpriced', async () => {
    expect(await clientOf(undefined).generate(request)).not.to.have.property('costUsd');
    await piecesOf(clientOf(undefined).stream(request));
    const silent = new ScriptedModel('m');
    silent.generate = async () => ({ text: '', model: 'm', finishReason: 'stop', usage: {}, timings: {} });
    await new PricedClient(silent, { price, collector }).generate(request);
    expect(unpriced()).to.equal(3);
    expect(spent()).to.equal(undefined);
  });

  it('counts nothing for failed calls and abandoned streams', async () => {
    const client = clientOf(price, { pieces: ['half '], error: broken });
    expect(await client.generate(request).catch((error: unknown) => error)).to.equal(broken);
    expect(await piecesOf(client.stream(request))).to.deep.equal(['half ', broken]);
    for await (const _chunk of clientOf(price).stream(request)) break;
    expect([spent(), unpriced()]).to.deep.equal([undefined, undefined]);
  });

  it('records the cost of the input tokens of embeddings', async () => {
    const embedding = Object.assign(new ScriptedModel('m'), {
      embed: async () => ({ vectors: [[1]], model: 'm', usage: { inputTokens: 4 }, timings: {} }),
    });
    await new PricedClient(embedding, { price, collector }).embed?.({ texts: ['a'], graph: 'g' });
    expect(spent()).to.equal(4);
    expect(clientOf(price).embed).to.equal(undefined);
  });
});
