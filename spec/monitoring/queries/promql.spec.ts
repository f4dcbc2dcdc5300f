import { expect } from 'chai';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import { rateOf, type Scope, select, share } from '../../../lib/monitoring/queries/promql.js';

const scope: Scope = { matchers: { job: '="j"', model: '=~"$model"' }, window: '5m' };

describe('PromQL of the catalog', () => {
  it('selects by the labels of a metric and of its target', () => {
    expect(select(catalog.requests, scope)).to.equal('tinyllm_requests_total{job="j", model=~"$model"}');
    expect(select(catalog.queueRejected, scope)).to.equal('tinyllm_queue_requests_rejected_total{job="j"}');
    expect(select(catalog.queueRejected, { ...scope, matchers: {} })).to.equal('tinyllm_queue_requests_rejected_total');
  });

  it('sums rates, and never calculates the rate of a sum', () => {
    const rate = 'rate(tinyllm_tokens_input_total{job="j", model=~"$model"}[5m])';
    expect(rateOf(catalog.inputTokens, scope)).to.equal(`sum (${rate})`);
    expect(rateOf(catalog.inputTokens, scope, ['model', 'graph'])).to.equal(`sum by (model, graph) (${rate})`);
  });

  it('has no share if the whole is 0 or missing', () => {
    expect(share('part', 'whole')).to.equal('(part or whole * 0) / (whole > 0)');
  });
});
