import { expect } from 'chai';
import { Histogram, register } from '../../../lib/prom-client/index.js';
import { errorOf, expectSame } from '../../support/prom-client-pair.js';

const about = { name: 'latency_seconds', help: 'A latency.', labelNames: ['method', 'code'] };

describe('a Histogram', () => {
  it("has prom-client's values", async () => {
    const read = await expectSame(async ({ Histogram, register }) => {
      const [labeled, plain] = [
        new Histogram({ ...about, buckets: [0.1, 1, 10] }),
        new Histogram({ name: 'plain', help: 'Plain.' }),
      ];
      for (const value of [0.05, 0.1, 1, 5, 100, -3]) labeled.observe({ method: 'GET' }, value);
      labeled.labels('PUT', '200').observe(0.7);
      labeled.zero({ method: 'DELETE' });
      plain.observe(0);
      labeled.remove('PUT', '200');
      return [await labeled.get(), await register.metrics(), await register.getMetricsAsJSON()];
    });
    expect(read).to.have.nested.property('[0].values[5].value', 6);
  });

  it('accepts bounds as strings, as prom-client does', async () => {
    const text = await expectSame(async ({ Histogram, register }) => {
      const histogram = new Histogram({ ...about, buckets: ['0.5', '2', '10'] as never });
      for (const value of [0.1, 2, 3, 20]) histogram.observe(value);
      return register.metrics();
    });
    expect(text).to.include('latency_seconds_bucket{le="2"} 2');
  });

  it('accepts bounds in any order, with repetitions and +Inf', async () => {
    const histogram = new Histogram({ ...about, buckets: [Number.POSITIVE_INFINITY, 10, 1, '1' as never, 0.1] });
    for (const value of [0.1, 1, 100]) histogram.observe(value);
    const buckets = (await histogram.get()).values.flatMap(({ labels: { le }, value }) => (le ? [[le, value]] : []));
    expect(buckets).to.deep.equal([
      [0.1, 1],
      [1, 2],
      [10, 2],
      ['+Inf', 3],
    ]);
    register.clear();
  });

  it('rejects a bound that is not a number, and shows it', () => {
    expect(() => new Histogram({ ...about, buckets: [1, 'abc' as never, 3] })).to.throw(
      'Metric "latency_seconds" has the bucket "abc"; expected finite numbers without +Inf.',
    );
  });

  it("has prom-client's fields with the bounds and the label names", async () => {
    await expectSame(({ Histogram }) =>
      [
        { ...about, buckets: [0.1, 1] },
        { name: 'plain', help: 'Plain.' },
      ].map((one) => {
        const { buckets, upperBounds, sortedLabelNames } = new Histogram(one) as unknown as Record<string, unknown>;
        return { buckets, upperBounds, sortedLabelNames };
      }),
    );
  });

  it('resets like prom-client', async () => {
    await expectSame(async ({ Histogram }) => {
      const histogram = new Histogram({ name: 'plain', help: 'Plain.' });
      histogram.observe(1);
      histogram.reset();
      return histogram.get();
    });
  });

  it('has exemplars in OpenMetrics like prom-client', async () => {
    const read = await expectSame(async (client) => {
      client.register.setContentType(client.openMetricsContentType as never);
      const histogram = new client.Histogram({ ...about, buckets: [1, 10], enableExemplars: true });
      histogram.observe({ labels: { method: 'GET' }, value: 3, exemplarLabels: { traceId: 'a' } });
      histogram.observe({ labels: { method: 'GET' }, value: 30, exemplarLabels: { traceId: 'b' } });
      return (await client.register.metrics()).replaceAll(/[\d.]+$/gm, 'TIME');
    });
    expect(read).to.include('# {traceId="b"} 30 TIME');
  });

  it("throws prom-client's errors", async () => {
    const errors = await expectSame(({ Histogram }) => {
      const histogram = new Histogram(about);
      return [
        errorOf(() => new Histogram({ ...about, name: 'a', labelNames: ['le'] as never })),
        ...[undefined, '3', Number.POSITIVE_INFINITY].map((value) => errorOf(() => histogram.observe(value as never))),
        errorOf(() => histogram.observe({ other: 'a' } as never, 1)),
        errorOf(() => histogram.labels('GET')),
      ];
    });
    expect(errors).not.to.include(undefined);
  });
});
