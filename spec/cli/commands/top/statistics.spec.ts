import { expect } from 'chai';
import { readScrape } from '../../../../cli/commands/top/reading.js';
import { computeStatistics } from '../../../../cli/commands/top/statistics.js';
import { catalog } from '../../../../lib/core/catalog/catalog.js';
import { MetricsCollector } from '../../../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';

describe('computeStatistics', () => {
  const setUp = () => {
    const registry = new SharedRegistry();
    return {
      collector: new MetricsCollector(registry),
      read: async (at: number) => readScrape(await registry.metrics(), at),
    };
  };

  it('calculates rates, percentages and states from recorded metrics', async () => {
    const { collector, read } = setUp();
    const labels = { model: 'm', graph: 'g' };
    collector.incrementRequestCount(labels);
    collector.updateCircuitBreakerState({ model: 'm', state: 'closed' });
    const before = await read(100);
    for (let request = 0; request < 8; request++) {
      collector.incrementRequestCount(labels);
      collector.instruments.requestLatency.series('m', 'g').observe(request < 4 ? 0.2 : 2);
    }
    collector.incrementErrorCount({ ...labels, errorType: 'timeout' });
    collector.incrementErrorCount({ ...labels, errorType: 'Error' });
    collector.recordTokens({ ...labels, inputTokens: 40, outputTokens: 400 });
    collector.instruments.activeRequests.series('m', 'g').set(3);
    for (const hit of [true, true, true, false]) hit ? collector.incrementCacheHit() : collector.incrementCacheMiss();
    collector.updateQueueSize({ size: 4, priority: 'high' });
    collector.updateQueueSize({ size: 2 });
    collector.instruments.queueCapacity.series().set(50);
    collector.updateActiveWorkers({ count: 5 });
    collector.incrementQueueRejected();
    collector.updateCircuitBreakerState({ model: 'm', state: 'open' });
    collector.instruments.nodeDuration.series('slow', 'g').observe(3);
    collector.instruments.nodeDuration.series('quick', 'g').observe(0.001);
    collector.instruments.nodeDuration.series('quick', 'g').observe(0.003);
    collector.incrementNodeErrorCount({ node: 'quick', graph: 'g', errorType: 'Error' });
    const statistics = computeStatistics([before, await read(104)]);
    expect(statistics).to.deep.include({
      windowSeconds: 4,
      hasTraffic: true,
      requestsPerSecond: 2,
      errorPercent: 25,
      inputTokensPerSecond: 10,
      outputTokensPerSecond: 100,
      active: 3,
      cacheHitPercent: 75,
      queue: { waiting: 6, capacity: 50, busyWorkers: 5, rejectedPerSecond: 0.25 },
    });
    expect(statistics.p50Seconds).to.equal(0.25);
    expect(statistics.p95Seconds).to.be.within(2, 2.5);
    expect(statistics.models).to.have.length(1);
    expect(statistics.models[0]).to.include({ model: 'm', requestsPerSecond: 2, breaker: 'open' });
    expect(statistics.nodes.map(({ node, perSecond, errorPercent }) => [node, perSecond, errorPercent])).to.deep.equal([
      ['slow', 0.25, 0],
      ['quick', 0.5, 50],
    ]);
  });

  it('has current values but no rates after the first scrape', async () => {
    const { collector, read } = setUp();
    collector.incrementRequestCount({ model: 'm' });
    collector.instruments.activeRequests.series('m', 'default').set(1);
    expect(computeStatistics([await read(1)])).to.deep.include({
      windowSeconds: 0,
      hasTraffic: true,
      requestsPerSecond: null,
      errorPercent: null,
      p95Seconds: null,
      active: 1,
      queue: null,
      nodes: [],
    });
  });

  it('returns null instead of percentages and quantiles without traffic', async () => {
    const { read } = setUp();
    const statistics = computeStatistics([await read(1), await read(3)]);
    expect(statistics).to.deep.include({
      hasTraffic: false,
      requestsPerSecond: 0,
      errorPercent: null,
      p50Seconds: null,
      cacheHitPercent: null,
      models: [],
    });
  });

  it('adds up the series of a node that differ only in additional labels', () => {
    const scrape = (executions: number) => {
      const { name } = catalog.nodeDuration;
      const seriesOf = (tenant: string, seconds: number) => {
        const labels = `node="n",graph="g",tenant="${tenant}"`;
        return [
          `${name}_bucket{${labels},le="+Inf"} ${executions}`,
          `${name}_sum{${labels}} ${executions * seconds}`,
          `${name}_count{${labels}} ${executions}`,
        ];
      };
      return [`# TYPE ${name} histogram`, ...seriesOf('a', 1), ...seriesOf('b', 3), ''].join('\n');
    };
    const { nodes } = computeStatistics([readScrape(scrape(2), 100), readScrape(scrape(6), 104)]);
    expect(nodes).to.have.length(1);
    expect(nodes[0]).to.include({ node: 'n', graph: 'g', perSecond: 2, meanSeconds: 2, errorPercent: 0 });
  });
});
