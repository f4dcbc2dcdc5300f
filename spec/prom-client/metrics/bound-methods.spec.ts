import { expect } from 'chai';
import * as original from 'prom-client';
import * as dropIn from '../../../lib/prom-client/index.js';

describe('the methods of a metric with fixed labels', () => {
  for (const [name, client] of Object.entries({ 'prom-client': original, 'the drop-in': dropIn as unknown as typeof original })) {
    it(`work without their object in ${name}`, async () => {
      const facts = { help: 'A.', labelNames: ['kind'], registers: [new client.Registry()] };
      const counter = new client.Counter({ name: 'a_total', ...facts });
      const gauge = new client.Gauge({ name: 'a', ...facts });
      const histogram = new client.Histogram({ name: 'a_seconds', ...facts, buckets: [1] });
      const summary = new client.Summary({ name: 'a_bytes', ...facts, percentiles: [0.5] });
      const { inc } = counter.labels('x');
      inc();
      inc(2);
      const { set, dec } = gauge.labels('x');
      set(5);
      dec();
      [0.5, 2].forEach(histogram.labels('x').observe);
      [1, 2].forEach(summary.labels({ kind: 'x' }).observe);
      const { startTimer } = histogram.labels('y');
      startTimer()();
      const last = async (metric: { get(): Promise<{ values: { value: number }[] }> }) =>
        (await metric.get()).values.at(-1)?.value;
      expect(await Promise.all([counter, gauge, summary].map(last))).to.deep.equal([3, 4, 2]);
      const counts = (await histogram.get()).values.filter(({ metricName }) => metricName === 'a_seconds_count');
      expect(counts.map(({ value }) => value)).to.deep.equal([2, 1]);
      expect(counter.labels('x').inc).to.be.a('function');
    });
  }
});
