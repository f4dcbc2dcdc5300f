import { expect } from 'chai';
import { bindLabels, ownName } from '../../lib/decorators/labels.js';
import { RequestSeries } from '../../lib/decorators/request-series.js';
import { MetricsCollector } from '../../lib/index.js';
import { SharedRegistry } from '../../lib/metrics/shared-registry.js';
import { sampleValue } from '../support/parse-text.js';

describe('bindLabels', () => {
  const setUp = (maxSeriesPerMetric = 1_000) => {
    const registry = new SharedRegistry();
    const collector = new MetricsCollector(registry);
    collector.meter.configure({ maxSeriesPerMetric });
    const bind = (model: string | ((self: unknown, args: readonly string[]) => string)) =>
      bindLabels(
        [
          { option: model as never, fallback: 'unknown' },
          { option: undefined, fallback: 'default' },
          { option: undefined, fallback: 'generate' },
        ],
        collector,
        (values) => new RequestSeries(values, {}, collector),
      );
    const value = async (name: string, labels: Record<string, string>) =>
      sampleValue(await registry.metrics(), name, labels);
    return { collector, bind, value };
  };
  const fromArgument = (_self: unknown, [model]: readonly string[]) => model ?? '';

  it('binds fixed labels once', () => {
    const find = setUp().bind('fixed');
    expect(find(undefined, [])).to.equal(find(undefined, []));
  });

  it('finds the same series for the same computed labels', () => {
    const find = setUp().bind(fromArgument);
    expect(find(undefined, ['a'])).to.equal(find(undefined, ['a']));
    expect(find(undefined, ['a'])).not.to.equal(find(undefined, ['b']));
  });

  it('folds label sets past the cap, whole, and counts each look-up', async () => {
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

  it('does not keep what a value that is too long would need to be found by', () => {
    const find = setUp().bind(fromArgument);
    const long = 'x'.repeat(300);
    expect(find(undefined, [`${long}1`]).calls).to.equal(find(undefined, [`${long}2`]).calls);
    expect(find(undefined, [`${long}1`])).not.to.equal(find(undefined, [`${long}1`]));
  });
});

describe('ownName', () => {
  it('is the id, else the name, else the class name', () => {
    class Named {}
    expect(ownName({ id: 'id', name: 'name' })).to.equal('id');
    expect(ownName({ id: 7 })).to.equal('7');
    expect(ownName({ id: '', name: 'name' })).to.equal('name');
    expect(ownName({ id: () => 'no', name: {} })).to.equal('Object');
    expect(ownName(new Named() as object)).to.equal('Named');
    expect(ownName(Named as object)).to.equal('Named');
    for (const nothing of [undefined, null, Object.create(null)]) expect(ownName(nothing)).to.equal('unknown');
  });
});
