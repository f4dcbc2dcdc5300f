import { expect } from 'chai';
import { recordTokens } from '../../../lib/core/collector/record-tokens.js';
import { MetricsCollector } from '../../../lib/core/index.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { parseText } from '../../support/parse-text.js';

const labels = { model: 'm', graph: 'g' };

describe('recordTokens', () => {
  const setUp = () => {
    const registry = new SharedRegistry();
    const { instruments } = new MetricsCollector(registry);
    /** The totals, and the sums of the distributions, of these labels. */
    const recorded = async () => {
      const samples = parseText(await registry.metrics()).flatMap((family) => family.samples);
      return Object.fromEntries(
        samples.flatMap(({ name, labels: { model, graph }, value }) => {
          const short =
            name.match(/^tinyllm_(tokens_\w+)_total$/)?.[1] ?? name.match(/^tinyllm_(\w+_tokens)_sum$/)?.[1];
          return short === undefined || model !== 'm' || graph !== 'g' ? [] : [[short, value]];
        }),
      );
    };
    return { instruments, recorded };
  };

  it('counts each kind of token, and the distribution of input and output', async () => {
    const { instruments, recorded } = setUp();
    const counts = {
      inputTokens: 12,
      outputTokens: 34,
      cachedInputTokens: 5,
      cacheWriteTokens: 2,
      reasoningTokens: 30,
    };
    recordTokens(instruments, labels, counts);
    recordTokens(instruments, labels, { outputTokens: 6, cachedInputTokens: 0 });
    expect(await recorded()).to.deep.equal({
      ...{ tokens_input: 12, tokens_output: 40, request_input_tokens: 12, request_output_tokens: 40 },
      ...{ tokens_cached_input: 5, tokens_cache_write: 2, tokens_reasoning_output: 30 },
    });
  });

  it('ignores unknown counts', async () => {
    const { instruments, recorded } = setUp();
    recordTokens(instruments, labels, { inputTokens: undefined });
    expect(await recorded()).to.deep.equal({});
  });

  for (const count of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`rejects ${count} without counting anything`, async () => {
      const { instruments, recorded } = setUp();
      expect(() => recordTokens(instruments, labels, { inputTokens: 12, reasoningTokens: count })).to.throw(
        `tinyllm_tokens_reasoning_output_total`,
      );
      expect(await recorded()).to.deep.equal({});
    });
  }
});
