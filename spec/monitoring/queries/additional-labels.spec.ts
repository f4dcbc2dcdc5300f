import { expect } from 'chai';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import { hasAdditionalLabels, labelMatchers, labelsOf } from '../../../lib/monitoring/queries/additional-labels.js';
import { rateOf, select } from '../../../lib/monitoring/queries/promql.js';

describe('additional labels', () => {
  it('are labels of the metrics of requests, nodes, graphs and tools', () => {
    const { requests, interTokenLatency, unpricedRequests, nodeDuration, activeGraphs } = catalog;
    for (const metric of [requests, interTokenLatency, unpricedRequests, nodeDuration, activeGraphs]) {
      expect(labelsOf(metric, ['tenant']), metric.name).to.deep.equal([...metric.labels, 'tenant']);
    }
    const { queueSize, cacheHits, circuitBreakerState, proxyUpstreamUp, systemInfo, retries } = catalog;
    for (const metric of [queueSize, cacheHits, circuitBreakerState, proxyUpstreamUp, systemInfo, retries]) {
      expect(hasAdditionalLabels(metric), metric.name).to.equal(false);
      expect(labelsOf(metric, ['tenant']), metric.name).to.deep.equal(metric.labels);
    }
  });

  it('become matchers of dashboard variables in selectors of these metrics', () => {
    const scope = { matchers: { job: '="j"' }, additionalMatchers: labelMatchers(['tenant', 'tier']), window: '5m' };
    const filtered = 'tinyllm_active_graphs{job="j", tenant=~"$tenant", tier=~"$tier"}';
    expect(select(catalog.activeGraphs, scope)).to.equal(filtered);
    expect(select(catalog.activeGraphs, { ...scope, matchers: {} })).to.equal(
      'tinyllm_active_graphs{tenant=~"$tenant", tier=~"$tier"}',
    );
    expect(rateOf(catalog.queueRejected, scope)).to.equal(
      'sum (rate(tinyllm_queue_requests_rejected_total{job="j"}[5m]))',
    );
  });
});
