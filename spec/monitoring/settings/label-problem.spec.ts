import { expect } from 'chai';
import fc from 'fast-check';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { findLabelProblem } from '../../../lib/monitoring/settings/label-problem.js';

describe('findLabelProblem', () => {
  it('accepts names of labels in Prometheus', () => {
    expect(findLabelProblem([])).to.equal(undefined);
    expect(findLabelProblem(['tenant', 'Tenant', '_', '_a', 'team_2', 'constructor', 'agent', 'priority'])).to.equal(
      undefined,
    );
  });

  it('names the first invalid label, with the expectation', () => {
    expect(findLabelProblem(['tenant', '2nd', 'le'])).to.match(/^contains "2nd"; expected letters, digits and _/);
    for (const label of ['', ' ', 'a b', 'a-b', 'é', '__a', '__', 'a\n', 'a:b', '=a']) {
      expect(findLabelProblem([label]), label).to.match(/^contains ".*"; expected letters, digits and _, /);
    }
    for (const label of [undefined, null, 1, {}]) {
      expect(findLabelProblem([label]), String(label)).to.match(
        /^contains .+; expected names of labels, such as tenant/,
      );
    }
  });

  it('rejects values of labels', () => {
    expect(findLabelProblem(['tenant=acme'])).to.equal(
      'contains "tenant=acme"; expected only the name, so omit "=acme".',
    );
    expect(findLabelProblem(['tenant='])).to.equal('contains "tenant="; expected only the name, so omit "=".');
  });

  it('rejects labels with another purpose', () => {
    for (const label of ['le', 'quantile', 'job', 'instance', 'leaf', 'datasource']) {
      expect(findLabelProblem([label]), label).to.match(
        new RegExp(`^contains "${label}", which \\w.+; choose another name\\.$`),
      );
    }
  });

  const perCall = Object.values(catalog).filter((metric) => metric.perCall);

  it('rejects each label of the metrics of requests, nodes, graphs and tools, and names a metric that has it', () => {
    for (const { labels } of perCall) {
      for (const label of labels) {
        expect(findLabelProblem([label]), label).to.match(/which is a label of tinyllm_\w+; choose another name/);
      }
    }
  });

  it('rejects every label that configureMetrics rejects', () => {
    const names = ['tenant', 'priority', 'le', 'quantile', 'job', 'instance', 'model', 'tool', '__a', '2nd', 'a-b', ''];
    for (const name of names) {
      const { meter } = new MetricsCollector(new SharedRegistry());
      const configured = () => meter.configure({ labels: [name] });
      if (findLabelProblem([name]) === undefined) expect(configured, name).not.to.throw();
      else expect(configured, name).to.throw(MetricsConfigurationError);
    }
  });

  it('rejects repeated labels', () => {
    expect(findLabelProblem(['a', 'b', 'a'])).to.equal('contains "a" twice; remove one of them.');
  });

  it('accepts any valid names that are free and unique, and no others', () => {
    const reserved = ['le', 'quantile', 'job', 'instance', 'leaf', 'datasource'];
    const taken = new Set([...reserved, ...perCall.flatMap(({ labels }): readonly string[] => labels)]);
    const names = fc.oneof(fc.string(), fc.constantFrom('tenant', ...taken), fc.stringMatching(/^[a-zA-Z_]\w*$/));
    const property = fc.property(fc.array(names), (labels) => {
      const areValid = labels.every((label) => /^(?!__)[a-z_][a-z0-9_]*$/i.test(label) && !taken.has(label));
      const areUnique = new Set(labels).size === labels.length;
      expect(findLabelProblem(labels) === undefined).to.equal(areValid && areUnique);
    });
    fc.assert(property);
  });
});
