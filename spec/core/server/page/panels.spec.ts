import { expect } from 'chai';
import { MetricsCollector } from '../../../../lib/core/collector/collector.js';
import { parseExposition } from '../../../../lib/core/formats/parse-exposition.js';
import { SharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';
import { History } from '../../../../lib/core/server/page/history.js';
import { panels } from '../../../../lib/core/server/page/panels.js';
import { Scrape } from '../../../../lib/core/server/page/scrape.js';

describe('the panels of the page', () => {
  let registry: SharedRegistry;
  let metrics: MetricsCollector;
  let history: History;
  let now: number;

  const scrape = async () => {
    history.add({ at: now, scrape: new Scrape(parseExposition(await registry.metrics())) });
    now += 2;
  };
  const dataOf = (id: string) => panels.find((panel) => panel.id === id)?.data(history);
  const lineOf = (id: string, name: string) => dataOf(id)?.lines.find((line) => line.name === name)?.values;
  const ask = async (model: string, times: number) => {
    for (let time = 0; time < times; time++) {
      metrics.incrementRequestCount({ model, graph: 'g', requestType: 'generate' });
      await metrics.trackRequestLatency({ model, graph: 'g' }, async () => {});
    }
  };

  beforeEach(() => {
    registry = new SharedRegistry();
    metrics = new MetricsCollector(registry);
    history = new History();
    now = 1_700_000_000;
  });

  it('have no data before there is traffic, and a text that says so', async () => {
    await scrape();
    await scrape();
    for (const panel of panels) {
      expect(panel.data(history), panel.id).to.equal(undefined);
      expect(panel.emptyText).to.match(/^No traffic yet/);
    }
  });

  it('show the increases between scrapes', async () => {
    await scrape();
    await ask('a', 6);
    await ask('b', 2);
    metrics.incrementErrorCount({ errorType: 'timeout', model: 'a', graph: 'g' });
    metrics.recordTokens({ inputTokens: 10, outputTokens: 30, model: 'a', graph: 'g' });
    for (const cacheType of ['response', 'response', 'embedding']) metrics.incrementCacheMiss({ cacheType });
    metrics.incrementCacheHit({ cacheType: 'response' });
    metrics.updateCircuitBreakerState({ state: 'open', model: 'a' });
    await scrape();

    expect(lineOf('request-rate', 'a')).to.deep.equal([null, 3]);
    expect(lineOf('request-rate', 'b')).to.deep.equal([null, 1]);
    expect(dataOf('request-rate')).to.include({ headline: '4/s', total: '8 requests in total' });
    expect(lineOf('latency', 'p99')?.[1]).to.be.within(0, 0.1);
    const [before, cells = []] = dataOf('latency')?.cells?.columns ?? [];
    expect([before, cells?.reduce((sum, count) => sum + count, 0)]).to.deep.equal([null, 8]);
    expect(lineOf('errors', 'Errors')).to.deep.equal([null, 12.5]);
    expect(lineOf('tokens', 'Sent')).to.deep.equal([null, 5]);
    expect(lineOf('tokens', 'Generated')).to.deep.equal([null, 15]);
    expect(lineOf('breakers', 'a')).to.deep.equal([null, 2]);
    expect(dataOf('breakers')?.headline).to.equal('1 open');
    expect(lineOf('active', 'In flight')?.at(-1)).to.equal(0);
    expect(lineOf('cache', 'Hits')).to.deep.equal([null, 25]);
  });

  it('show a rate of zero and no quantile after the traffic has ended', async () => {
    await ask('a', 1);
    await scrape();
    await scrape();
    expect(lineOf('request-rate', 'a')).to.deep.equal([null, 0]);
    expect(lineOf('latency', 'p50')).to.deep.equal([null, null]);
    expect(dataOf('latency')?.headline).to.equal('no recent requests');
  });

  it('combine many models into one line, but not their states', async () => {
    await scrape();
    for (let number = 1; number <= 8; number++) {
      await ask(`model-${number}`, 2 * number);
      metrics.updateCircuitBreakerState({ state: 'closed', model: `model-${number}` });
    }
    await scrape();
    expect(dataOf('request-rate')?.lines.map(({ name, values }) => [name, values.at(-1)])).to.deep.equal([
      ['model-5', 5],
      ['model-6', 6],
      ['model-7', 7],
      ['model-8', 8],
      ['4 others', 10],
    ]);
    expect(dataOf('breakers')?.lines).to.have.length(8);
  });
});
