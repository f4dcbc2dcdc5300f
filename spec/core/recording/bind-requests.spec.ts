import { expect } from 'chai';
import { MetricsCollector, MetricsConfigurationError } from '../../../lib/core/index.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import {
  bindRequests,
  declaredLabelsOf,
  declareLabels,
  requestLabels,
} from '../../../lib/core/recording/bind-requests.js';
import type { TrackRequestOptions } from '../../../lib/core/recording/call-options.js';
import { sampleValue } from '../../support/parse-text.js';

describe('bindRequests', () => {
  const begun = async (options: TrackRequestOptions, labels: Record<string, string>) => {
    const registry = new SharedRegistry();
    const bind = bindRequests(options, new MetricsCollector(registry));
    bind({ model: 'm1' }, ['g1']).begin();
    return sampleValue(await registry.metrics(), 'tinyllm_requests_total', labels);
  };

  it('has labels for the model, the graph and the type of the request, with defaults', async () => {
    expect(requestLabels({})).to.deep.equal([
      { name: 'model', option: undefined, fallback: 'unknown' },
      { name: 'graph', option: undefined, fallback: 'default', inheritsGraph: true },
      { name: 'requestType', option: undefined, fallback: 'generate' },
    ]);
    expect(await begun({}, { model: 'unknown', graph: 'default', request_type: 'generate' })).to.equal(1);
  });

  it('accepts fixed labels', async () => {
    const options = { model: 'm', graph: 'g', requestType: 'embed' };
    expect(await begun(options, { model: 'm', graph: 'g', request_type: 'embed' })).to.equal(1);
  });

  it('computes labels from the instance and the arguments', async () => {
    const options = {
      model: (self: { model: string }) => self.model,
      graph: (_self: unknown, [graph]: string[]) => graph,
    };
    expect(await begun(options, { model: 'm1', graph: 'g1', request_type: 'generate' })).to.equal(1);
  });
});

describe('declareLabels', () => {
  it('adds labels to the declared ones', async () => {
    const registry = new SharedRegistry();
    const collector = new MetricsCollector(registry);
    collector.meter.configure({ labels: ['tenant'] });
    declareLabels(['team', 'tenant'], collector);
    declareLabels([], collector);
    expect(declaredLabelsOf(collector)).to.deep.equal(['tenant', 'team']);
    bindRequests({ labels: { team: 'a' } }, collector)(undefined, []).begin();
    declareLabels(['tenant'], collector);
    const labels = { model: 'unknown', graph: 'default', request_type: 'generate', tenant: '', team: 'a' };
    expect(sampleValue(await registry.metrics(), 'tinyllm_requests_total', labels)).to.equal(1);
    expect(() => declareLabels(['env'], collector)).to.throw(MetricsConfigurationError, /labels can't be changed/);
  });
});
