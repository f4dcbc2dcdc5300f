import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { callContext, contextLabels } from '../../../lib/core/metrics/call-context.js';
import type { MeterConfiguration } from '../../../lib/core/metrics/meter-configuration.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { bindLabels } from '../../../lib/core/recording/bind-labels.js';
import { requestLabels } from '../../../lib/core/recording/bind-requests.js';
import type { TrackRequestOptions } from '../../../lib/core/recording/call-options.js';
import { RequestSeries } from '../../../lib/core/recording/request-series.js';

describe('labels that depend on the context', () => {
  const setUp = (configuration: MeterConfiguration, options: TrackRequestOptions = { model: 'm' }) => {
    const registry = new SharedRegistry();
    const collector = new MetricsCollector(registry);
    collector.meter.configure(configuration);
    const created: (readonly string[])[] = [];
    const find = bindLabels({
      sources: requestLabels(options),
      additional: options.labels,
      collector,
      site: { decorator: '@TrackRequest', method: 'ask' },
      create: (values) => {
        created.push(values);
        return new RequestSeries(values, options, collector);
      },
    });
    const problems: string[] = [];
    collector.problems.follow(({ message }) => problems.push(message));
    return { registry, collector, created, find, problems };
  };
  const within = <Result>(labels: Record<string, string>, work: () => Result, graph?: string): Result =>
    callContext.run({ graph, labels: contextLabels(labels) }, work);

  it('are those of the context, or empty', () => {
    const { find, created } = setUp({ labels: ['tenant', 'team'] });
    find(undefined, []);
    within({ tenant: 'acme' }, () => find(undefined, []));
    within({ tenant: 'acme', team: 'red' }, () => find(undefined, []));
    within({ tenant: 'acme' }, () => find(undefined, []));
    expect(created).to.deep.equal([
      ['m', 'default', 'generate', '', ''],
      ['m', 'default', 'generate', 'acme', ''],
      ['m', 'default', 'generate', 'acme', 'red'],
    ]);
  });

  it('are those of the option, if it returns a value', () => {
    const labels = { tenant: (_self: unknown, [tenant]: readonly string[]) => tenant, team: 'red' };
    const { find, created, problems } = setUp({ labels: ['tenant', 'team'] }, { model: 'm', labels });
    within({ tenant: 'acme', team: 'blue' }, () => {
      find(undefined, []);
      find(undefined, ['globex']);
      find(undefined, ['globex']);
    });
    expect(created.map((values) => values.slice(3))).to.deep.equal([
      ['acme', 'red'],
      ['globex', 'red'],
    ]);
    expect(problems).to.deep.equal([]);
  });

  it('can have the names of inherited properties', () => {
    const { find, created } = setUp({ labels: ['constructor', 'toString'] });
    find(undefined, []);
    within({}, () => find(undefined, []));
    expect(created).to.deep.equal([['m', 'default', 'generate', '', '']]);
  });

  it('include the running graph with `graphContext`, unless an option names another one', () => {
    for (const [graph, expected] of [
      [undefined, 'running'],
      [() => undefined, 'running'],
      ['fixed', 'fixed'],
      [() => 'computed', 'computed'],
    ] as const) {
      const { find, created } = setUp({ graphContext: true }, { model: 'm', graph });
      within({}, () => find(undefined, []), 'running');
      find(undefined, []);
      expect(created[0]?.[1]).to.equal(expected);
      expect(created.at(-1)?.[1]).to.equal(expected === 'running' ? 'default' : expected);
    }
  });

  it('do not include the running graph without `graphContext`', () => {
    const { find, created } = setUp({ labels: ['tenant'] });
    within({ tenant: 'acme' }, () => find(undefined, []), 'running');
    expect(created).to.deep.equal([['m', 'default', 'generate', 'acme']]);
  });

  it('are configured after the decorator was applied, but before the first call or scrape', async () => {
    const { find, collector, registry, created } = setUp({});
    collector.meter.configure({ labels: ['tenant'] });
    await registry.metrics();
    expect(created, 'series before the first call').to.deep.equal([]);
    within({ tenant: 'acme' }, () => find(undefined, []));
    expect(created).to.deep.equal([['m', 'default', 'generate', 'acme']]);
    expect(() => collector.meter.configure({ labels: [] })).to.throw('is already in use');
  });

  it('count every call past the limit, although the latest series is kept', () => {
    const { find, collector } = setUp({ labels: ['tenant'], maxSeriesPerMetric: 1 });
    within({ tenant: 'a' }, () => find(undefined, []));
    within({ tenant: 'b' }, () => {
      for (const _call of [1, 2, 3]) find(undefined, []);
    });
    const overflow = collector.instruments.metricsOverflow.series('tinyllm_requests_total');
    expect(overflow.page[overflow.offset]).to.equal(3);
  });

  it('are omitted and reported if they are not declared, except for `provider`', () => {
    const labels = { tennant: 'acme', provider: 'openai' };
    for (const [configuration, advice] of [
      [{}, 'no label is declared. Add it to the labels of configureMetrics, before the first call.'],
      [
        { labels: ['tenant'] },
        'expected one of tenant. Correct the name, or add it to the labels of configureMetrics.',
      ],
    ] as const) {
      const { find, problems } = setUp(configuration, { model: 'm', labels });
      find(undefined, []);
      find(undefined, []);
      expect(problems).to.deep.equal([
        `The option "labels" of @TrackRequest on ask contains "tennant"; ${advice} The label is omitted.`,
      ]);
    }
  });
});
