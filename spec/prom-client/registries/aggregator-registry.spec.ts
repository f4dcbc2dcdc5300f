import { expect } from 'chai';
import { AggregatorRegistry, Registry } from '../../../lib/prom-client/index.js';
import { errorOf, expectSame } from '../../support/prom-client-pair.js';
import { runNode } from '../../support/run-node.js';

const metric = (value: number, aggregator = 'sum') => ({
  ...{ name: 'jobs_total', help: 'Jobs.', type: 'counter', aggregator },
  values: [
    { value, labels: { kind: 'a', code: value } },
    { value: 1, labels: { kind: 'b' } },
  ],
});

describe('an AggregatorRegistry', () => {
  it('reads all workers of a cluster as prom-client does', async function () {
    this.timeout(60_000);
    const run = (name: string) => runNode(['spec/support/cluster/aggregator-registry.js', name]);
    const [expected, actual] = await Promise.all([run('prom-client'), run('@tinyllm/prom-client')]);
    expect(actual.stderr).to.equal('');
    const results: string[][] = JSON.parse(actual.stdout);
    expect(results).to.deep.equal(JSON.parse(expected.stdout));
    const [beforeStart, twoWorkers = [], , , failed, afterEnd] = results;
    expect(twoWorkers).to.include('# HELP level A level.\n# TYPE level gauge\nlevel 2').and.have.length(3);
    expect([beforeStart, failed, afterEnd]).to.deep.equal([[''], ['no'], ['']]);
  });

  it('aggregates the results of getMetricsAsJSON as prom-client does', async () => {
    await expectSame(async ({ AggregatorRegistry, openMetricsContentType }) => {
      const aggregated = AggregatorRegistry.aggregate([[metric(1)], [metric(2), { ...metric(3), name: 'other' }]]);
      aggregated.setContentType(openMetricsContentType as never);
      const [, ...other] = (await aggregated.metrics()).split('\n');
      return [await aggregated.getMetricsAsJSON(), other.length, errorOf(() => aggregated.clear())];
    });
  });

  it("throws prom-client's errors", async () => {
    const errors = await expectSame(({ AggregatorRegistry }) => [
      errorOf(() => AggregatorRegistry.aggregate([[metric(1, 'median')]])),
      errorOf(() => AggregatorRegistry.setRegistries('register' as never)),
      errorOf(() => AggregatorRegistry.setRegistries([{}] as never)),
    ]);
    expect(errors).not.to.include(undefined);
    expect(errorOf(() => AggregatorRegistry.aggregate([[metric(1, 'constructor')]]))).to.include('not a defined');
  });

  it('is a Registry with a content type, and accepts registries to report', () => {
    const registry = new AggregatorRegistry('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(registry).to.be.instanceOf(Registry);
    expect(registry.contentType).to.include('openmetrics');
    expect(AggregatorRegistry.globalRegistry).to.equal(Registry.globalRegistry);
    AggregatorRegistry.setRegistries([Registry.globalRegistry]);
  });
});
