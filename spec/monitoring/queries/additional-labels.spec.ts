import { expect } from 'chai';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import {
  filterLabels,
  filterLabelsOf,
  hasAdditionalLabels,
  labelsOf,
} from '../../../lib/monitoring/queries/additional-labels.js';
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
    const scope = { matchers: { job: '="j"' }, filterLabels: filterLabels(['tenant', 'tier']), window: '5m' };
    const filtered = 'tinyllm_active_graphs{job="j", tenant=~"$tenant", tier=~"$tier"}';
    expect(select(catalog.activeGraphs, scope)).to.equal(filtered);
    expect(select(catalog.activeGraphs, { ...scope, matchers: {} })).to.equal(
      'tinyllm_active_graphs{tenant=~"$tenant", tier=~"$tier"}',
    );
    expect(rateOf(catalog.queueRejected, scope)).to.equal(
      'sum (rate(tinyllm_queue_requests_rejected_total{job="j"}[5m]))',
    );
  });

  it('filter nodes, graphs and tools, except for labels that only requests fill', () => {
    const labels = filterLabels(['provider', 'tenant']);
    const { requests, cost, unpricedRequests, interTokenLatency } = catalog;
    for (const metric of [requests, cost, unpricedRequests, interTokenLatency]) {
      expect(filterLabelsOf(metric, labels), metric.name).to.deep.equal(['provider', 'tenant']);
    }
    const { nodeExecutions, activeNodes, graphDuration, toolErrors } = catalog;
    for (const metric of [nodeExecutions, activeNodes, graphDuration, toolErrors]) {
      expect(filterLabelsOf(metric, labels), metric.name).to.deep.equal(['tenant']);
    }
    expect(filterLabelsOf(catalog.queueSize, labels)).to.deep.equal([]);
  });
});
