import { expect } from 'chai';
import { RequestLabels, type RequestLabelsOptions } from '../../../lib/proxy/observation/request-labels.js';

describe('RequestLabels', () => {
  const labelsOf = (options: Partial<RequestLabelsOptions> = {}) =>
    new RequestLabels({ maxSeriesPerMetric: () => 1_000, ...options });

  it('uses the first names as labels, and counts later names as other', () => {
    const labels = labelsOf({ maxModels: 2, maxGraphs: 2 });
    const models = ['a', 'b', 'a', 'c', 'b', 'other', 'unknown'].map(
      (model) => labels.of(model, 'proxy', 'generate').model,
    );
    expect(models).to.deep.equal(['a', 'b', 'a', 'other', 'b', 'other', 'unknown']);
    const graphs = ['x', 'y', 'x', 'z', 'other', 'proxy'].map((graph) => labels.of('a', graph, 'generate').graph);
    expect(graphs).to.deep.equal(['x', 'y', 'x', 'other', 'other', 'proxy']);
    expect(labels.of(undefined, 'y', 'stream')).to.deep.equal({ model: 'unknown', graph: 'y', requestType: 'stream' });
  });

  it('uses only the names of a list', () => {
    const labels = labelsOf({ models: ['a'], graphs: ['x'] });
    expect(labels.of('a', 'x', 'embed')).to.deep.equal({ model: 'a', graph: 'x', requestType: 'embed' });
    expect(labels.of('b', 'y', 'embed')).to.deep.equal({ model: 'other', graph: 'other', requestType: 'embed' });
    expect(labels.of('a', 'proxy', 'embed').graph).to.equal('proxy');
  });

  it('accepts 100 models and 100 graphs of 10,000 names each by default', () => {
    const labels = labelsOf();
    const models = new Set<string>();
    const graphs = new Set<string>();
    for (let name = 0; name < 10_000; name++) {
      models.add(labels.of(`m${name}`, 'proxy', 'generate').model);
      graphs.add(labels.of('m0', `g${name}`, 'generate').graph);
    }
    expect([models.size, graphs.size]).to.deep.equal([101, 101]);
  });

  it('uses at most half of the label sets for graphs from clients', () => {
    const labels = labelsOf({ maxSeriesPerMetric: () => 20 });
    const sets = new Set<string>();
    for (let name = 0; name < 100; name++) {
      const { model, graph } = labels.of(`m${name % 4}`, `g${name}`, 'generate');
      if (graph !== 'other') sets.add(`${model} ${graph}`);
    }
    expect(sets.size).to.equal(10);
    expect(labels.of('m0', 'g0', 'generate').graph, 'a known label set').to.equal('g0');
    expect(labels.of('m9', 'proxy', 'generate'), 'another model').to.include({ model: 'm9', graph: 'proxy' });
  });

  it('truncates names to the length of a label value', () => {
    const labels = labelsOf({ maxModels: 1 });
    expect(labels.of('m'.repeat(1_000), 'proxy', 'generate').model).to.equal('m'.repeat(256));
    expect(labels.of('m'.repeat(2_000), 'proxy', 'generate').model).to.equal('m'.repeat(256));
  });
});
