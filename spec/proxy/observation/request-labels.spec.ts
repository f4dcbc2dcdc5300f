import { expect } from 'chai';
import { ClientLabels } from '../../../lib/core/server/client-labels/client-labels.js';
import type { ClientLabelsOptions } from '../../../lib/core/server/client-labels/label-sources.js';
import { RequestLabels, type RequestLabelsOptions } from '../../../lib/proxy/observation/request-labels.js';

describe('RequestLabels', () => {
  /** Chooses labels of requests without additional labels. */
  const labelsOf = (options: Partial<RequestLabelsOptions> = {}) => {
    const labels = new RequestLabels({
      labels: new ClientLabels({}),
      maxSeriesPerMetric: () => 1_000,
      ...options,
    });
    return (model: string | undefined, graph: string, requestType = 'generate') => {
      const { values, ...chosen } = labels.of({ model, graph, requestType, values: [] });
      expect(values).to.deep.equal([]);
      return chosen;
    };
  };

  /** Chooses labels of requests with a tenant from a header, a team and a fixed environment. */
  const withTenants = (options: Partial<RequestLabelsOptions> & ClientLabelsOptions = {}) => {
    const labels: ClientLabelsOptions['labels'] = {
      tenant: { header: 'x-tenant' },
      team: 'key',
      env: { value: 'prod' },
    };
    const chooser = new RequestLabels({
      maxSeriesPerMetric: () => 1_000,
      ...options,
      labels: new ClientLabels({ labels, ...options }),
    });
    return (tenant: string, { model = 'm', graph = 'proxy', team = 'a' } = {}) =>
      chooser.of({ model, graph, requestType: 'generate', values: [tenant, team, 'prod'] });
  };

  it('uses the first names as labels, and counts later names as other', () => {
    const labels = labelsOf({ maxModels: 2, maxGraphs: 2 });
    const models = ['a', 'b', 'a', 'c', 'b', 'other', 'unknown'].map(
      (model) => labels(model, 'proxy', 'generate').model,
    );
    expect(models).to.deep.equal(['a', 'b', 'a', 'other', 'b', 'other', 'unknown']);
    const graphs = ['x', 'y', 'x', 'z', 'other', 'proxy'].map((graph) => labels('a', graph, 'generate').graph);
    expect(graphs).to.deep.equal(['x', 'y', 'x', 'other', 'other', 'proxy']);
    expect(labels(undefined, 'y', 'stream')).to.deep.equal({ model: 'unknown', graph: 'y', requestType: 'stream' });
  });

  it('uses only the names of a list', () => {
    const labels = labelsOf({ models: ['a'], graphs: ['x'] });
    expect(labels('a', 'x', 'embed')).to.deep.equal({ model: 'a', graph: 'x', requestType: 'embed' });
    expect(labels('b', 'y', 'embed')).to.deep.equal({ model: 'other', graph: 'other', requestType: 'embed' });
    expect(labels('a', 'proxy', 'embed').graph).to.equal('proxy');
  });

  it('accepts 100 models and 100 graphs of 10,000 names each by default', () => {
    const labels = labelsOf();
    const models = new Set<string>();
    const graphs = new Set<string>();
    for (let name = 0; name < 10_000; name++) {
      models.add(labels(`m${name}`, 'proxy', 'generate').model);
      graphs.add(labels('m0', `g${name}`, 'generate').graph);
    }
    expect([models.size, graphs.size]).to.deep.equal([101, 101]);
  });

  it('uses at most half of the label sets for graphs from clients', () => {
    const labels = labelsOf({ maxSeriesPerMetric: () => 20 });
    const sets = new Set<string>();
    for (let name = 0; name < 100; name++) {
      const { model, graph } = labels(`m${name % 4}`, `g${name}`, 'generate');
      if (graph !== 'other') sets.add(`${model} ${graph}`);
    }
    expect(sets.size).to.equal(10);
    expect(labels('m0', 'g0', 'generate').graph, 'a known label set').to.equal('g0');
    expect(labels('m9', 'proxy', 'generate'), 'another model').to.include({ model: 'm9', graph: 'proxy' });
  });

  it('truncates names to the length of a label value', () => {
    const labels = labelsOf({ maxModels: 1 });
    expect(labels('m'.repeat(1_000), 'proxy', 'generate').model).to.equal('m'.repeat(256));
    expect(labels('m'.repeat(2_000), 'proxy', 'generate').model).to.equal('m'.repeat(256));
  });

  describe('of additional labels', () => {
    it('are the first values from clients, and other for later ones', () => {
      const labels = withTenants({ maxLabelValues: 2 });
      const tenants = ['acme', 'globex', 'acme', 'initech', '', 'other'].map((tenant) => labels(tenant).values[0]);
      expect(tenants).to.deep.equal(['acme', 'globex', 'acme', 'other', '', 'other']);
    });

    it('are the values of a list, and other for all others', () => {
      const labels = withTenants({ labelValues: { tenant: ['acme'] } });
      const tenants = ['globex', 'acme', ''].map((tenant) => labels(tenant).values[0]);
      expect(tenants).to.deep.equal(['other', 'acme', '']);
    });

    it('have their own series for 100 values of a header, and for each key', () => {
      const labels = withTenants();
      const chosen = Array.from({ length: 300 }, (_, at) => labels(`t${at}`, { team: `k${at}` }).values);
      expect(new Set(chosen.map(([tenant]) => tenant)).size).to.equal(101);
      expect(new Set(chosen.map(([, team]) => team)).size).to.equal(300);
    });

    it('use at most half of the label sets together with graphs, but keep keys and fixed texts', () => {
      const labels = withTenants({ maxSeriesPerMetric: () => 20 });
      for (let at = 0; at < 10; at++) labels(`t${at % 5}`, { graph: `g${at}` });
      expect(labels('t0', { graph: 'g0' }), 'a known label set').to.deep.include({
        graph: 'g0',
        values: ['t0', 'a', 'prod'],
      });
      expect(labels('t1', { graph: 'g0', team: 'b' }), 'a new label set').to.deep.include({
        graph: 'other',
        values: ['other', 'b', 'prod'],
      });
      expect(labels('t1', { model: 'n' })).to.deep.include({ graph: 'proxy', values: ['other', 'a', 'prod'] });
      expect(labels('', { model: 'n' })).to.deep.include({ graph: 'proxy', values: ['', 'a', 'prod'] });
      expect(labels('', { graph: 'g1', model: 'n' })).to.deep.include({ graph: 'other', values: ['', 'a', 'prod'] });
    });
  });
});
