import { expect } from 'chai';
import { Gauge } from '../../../lib/core/metrics/custom/gauge.js';
import { Histogram } from '../../../lib/core/metrics/custom/histogram.js';
import { SummaryMetric } from '../../../lib/core/metrics/custom/summary.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { ownShapes, startHubServer } from '../../../lib/hub/server/start-hub-server.js';
import { openHub, rejectionOf } from '../../support/pushing.js';

/** A window that returns its first value as each quantile. */
class FirstValueWindow {
  readonly #values: number[] = [];

  push(value: number): void {
    this.#values.push(value);
  }

  percentile(): number {
    return this.#values[0] ?? Number.NaN;
  }

  size(): number {
    return this.#values.length;
  }

  compress(): void {}

  reset(): void {
    this.#values.length = 0;
  }
}

describe('startHubServer, with metrics of the own process', () => {
  const setUp = async () => {
    const registry = new SharedRegistry();
    const opened = await openHub({ own: () => ownShapes(registry) });
    const facts = { help: 'Help.', registers: [registry] };
    /** The samples of a scrape, without comments and sizes of the server itself. */
    const scrape = async (name: string): Promise<string[]> => {
      const server = await startHubServer({ hub: opened.hub, port: 0, registry });
      try {
        const text = await (await fetch(`${server.url}/metrics`)).text();
        return text.split('\n').filter((line) => line.startsWith(name));
      } finally {
        await server.close();
      }
    };
    return { ...opened, facts, scrape };
  };

  it('accepts pushed summaries with other quantiles, and adds their counts and sums', async () => {
    const { facts, put, scrape } = await setUp();
    const options = { ...facts, name: 'wait_seconds', percentiles: [0.5] };
    new SummaryMetric(options, () => new FirstValueWindow()).observe(2);
    await put(
      'x',
      '# TYPE wait_seconds summary\nwait_seconds{quantile="0.9"} 9\nwait_seconds_sum 1\nwait_seconds_count 3\n',
    );
    expect(await scrape('wait_seconds')).to.deep.equal([
      'wait_seconds{quantile="0.5"} 2',
      'wait_seconds_sum 3',
      'wait_seconds_count 4',
    ]);
  });

  it('combines pushed gauges by the aggregator of the own gauge', async () => {
    const { facts, put, scrape } = await setUp();
    new Gauge({ ...facts, name: 'state', aggregator: 'max' }).set(3);
    new Gauge({ ...facts, name: 'load', aggregator: 'average' }).set(3);
    for (const [pusher, value] of Object.entries({ x: 5, y: 4 })) {
      await put(pusher, `# TYPE state gauge\nstate ${value}\n# TYPE load gauge\nload ${value}\n`);
    }
    expect(await scrape('state')).to.deep.equal(['state 5']);
    expect(await scrape('load')).to.deep.equal(['load 4']);
  });

  it('rejects a histogram with other buckets', async () => {
    const { facts, put } = await setUp();
    new Histogram({ ...facts, name: 'h', buckets: [1] }).observe(1);
    const pushed = '# TYPE h histogram\nh_bucket{le="2"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n';
    expect(await rejectionOf(put('x', pushed))).to.match(
      /^409 .*the buckets 2; the hub's own metric h has the buckets 1$/,
    );
  });
});
