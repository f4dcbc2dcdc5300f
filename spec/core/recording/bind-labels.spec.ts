import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/index.js';
import { MAX_LABEL_VALUE_LENGTH } from '../../../lib/core/metrics/label-value.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { bindLabels } from '../../../lib/core/recording/bind-labels.js';
import { RequestSeries } from '../../../lib/core/recording/request-series.js';
import { sampleValue } from '../../support/parse-text.js';

describe('bindLabels', () => {
  const setUp = (maxSeriesPerMetric = 1_000) => {
    const registry = new SharedRegistry();
    const collector = new MetricsCollector(registry);
    collector.meter.configure({ maxSeriesPerMetric });
    const bind = (model: string | ((self: unknown, args: readonly string[]) => string)) =>
      bindLabels({
        sources: [
          { name: 'model', option: model as never, fallback: 'unknown' },
          { name: 'graph', option: undefined, fallback: 'default' },
          { name: 'requestType', option: undefined, fallback: 'generate' },
        ],
        collector,
        create: (values) => new RequestSeries(values, {}, collector),
      });
    const value = async (name: string, labels: Record<string, string>) =>
      sampleValue(await registry.metrics(), name, labels);
    return { collector, bind, value };
  };
  const fromArgument = (_self: unknown, [model]: readonly string[]) => model ?? '';

  it('binds fixed labels once', () => {
    const find = setUp().bind('fixed');
    expect(find(undefined, [])).to.equal(find(undefined, []));
  });

  it('binds fixed labels before the first read, and computed labels at a call', async () => {
    const { bind, value } = setUp();
    bind('fixed');
    bind(fromArgument);
    const requests = (model: string) =>
      value('tinyllm_requests_total', { model, graph: 'default', request_type: 'generate' });
    expect([await requests('fixed'), await requests('unknown')]).to.deep.equal([0, undefined]);
  });

  it('keeps values that need no truncation', () => {
    const find = setUp().bind(fromArgument);
    const isKept = (length: number) => {
      const series = find(undefined, ['x'.repeat(length)]);
      return find(undefined, ['x'.repeat(length)]) === series;
    };
    expect([isKept(MAX_LABEL_VALUE_LENGTH), isKept(MAX_LABEL_VALUE_LENGTH + 1)]).to.deep.equal([true, false]);
  });

  it('counts a function that throws or returns an invalid label value', async () => {
    const { bind, value } = setUp();
    const failing = [
      () => {
        throw new Error('no');
      },
      () => ({}),
      async () => 'late',
      async () => Promise.reject(new Error('late')),
    ];
    for (const option of failing) bind(option as never)(undefined, []).calls.inc();
    const labels = { model: 'unknown', graph: 'default', request_type: 'generate' };
    expect(await value('tinyllm_requests_total', labels)).to.equal(4);
    expect(await value('tinyllm_instrumentation_errors_total', { site: 'label' })).to.equal(4);
  });

  it('finds the same series for the same computed labels', () => {
    const find = setUp().bind(fromArgument);
    expect(find(undefined, ['a'])).to.equal(find(undefined, ['a']));
    expect(find(undefined, ['a'])).not.to.equal(find(undefined, ['b']));
  });

  it('records label sets past the limit in the overflow series, and counts each lookup', async () => {
    const { bind, value } = setUp(2);
    const find = bind(fromArgument);
    for (const model of ['a', 'b', 'c', 'd', 'c', 'a']) find(undefined, [model]).calls.inc();
    const requests = (model: string, graph: string, type: string) =>
      value('tinyllm_requests_total', { model, graph, request_type: type });
    expect(await requests('a', 'default', 'generate')).to.equal(2);
    expect(await requests('other', 'other', 'other')).to.equal(3);
    expect(await requests('c', 'default', 'generate')).to.equal(undefined);
    expect(await value('tinyllm_metrics_overflow_total', { metric: 'tinyllm_requests_total' })).to.equal(3);
  });

  it('does not store label sets with values that are too long', () => {
    const find = setUp().bind(fromArgument);
    const long = 'x'.repeat(300);
    expect(find(undefined, [`${long}1`]).calls).to.equal(find(undefined, [`${long}2`]).calls);
    expect(find(undefined, [`${long}1`])).not.to.equal(find(undefined, [`${long}1`]));
  });

  it('resolves one, two or three labels, each from its option or its fallback', async () => {
    const { collector, value } = setUp();
    const seen: (readonly string[])[] = [];
    const find = (...options: readonly unknown[]) =>
      bindLabels({
        sources: options.map((option) => ({ name: 'label', option: option as never, fallback: 'fallback' })),
        collector,
        create: (values) => {
          seen.push(values);
          return new RequestSeries(['m', 'g', 'generate'], {}, collector);
        },
      });
    const nothing = () => undefined;
    find(() => 'a')(undefined, []);
    find(
      () => true,
      () => 7n,
    )(undefined, []);
    find(
      () => 1.5,
      () => null,
      nothing,
    )(undefined, []);
    find(
      (self: string) => self,
      (_self: string, [first]: readonly string[]) => first,
    )('self', ['argument']);
    find(...['a', 'b', 'c', 'd'].map((label) => () => label))(undefined, []);
    expect(seen).to.deep.equal([
      ...[['a'], ['true', '7'], ['1.5', 'fallback', 'fallback'], ['self', 'argument']],
      ['a', 'b', 'c', 'd'],
    ]);
    expect(await value('tinyllm_instrumentation_errors_total', { site: 'label' })).to.equal(undefined);
  });

  it('uses unknown if a label and its fallback return nothing', () => {
    const { collector } = setUp();
    const seen: (readonly string[])[] = [];
    const nothing = () => undefined;
    const find = bindLabels({
      sources: [{ name: 'label', option: nothing, fallback: nothing }],
      collector,
      create: (values) => {
        seen.push(values);
        return new RequestSeries(['m', 'g', 'generate'], {}, collector);
      },
    });
    find(undefined, []);
    expect(seen).to.deep.equal([['unknown']]);
  });

  it('stores no more series than the limit, even for excluded metrics, which have no overflow series', () => {
    const { bind, collector } = setUp(2);
    collector.meter.configure({
      exclude: ['tinyllm_requests_total', 'tinyllm_active_requests', 'tinyllm_request_latency_seconds'],
    });
    const find = bind(fromArgument);
    const isKept = (model: string) => {
      const series = find(undefined, [model]);
      return find(undefined, [model]) === series;
    };
    expect(['a', 'b', 'c', 'd', 'a'].map(isKept)).to.deep.equal([true, true, false, false, true]);
  });
});
