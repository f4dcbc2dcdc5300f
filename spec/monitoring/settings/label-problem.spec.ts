import { expect } from 'chai';
import fc from 'fast-check';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import { findLabelProblem } from '../../../lib/monitoring/settings/label-problem.js';

describe('findLabelProblem', () => {
  it('accepts names of labels in Prometheus', () => {
    expect(findLabelProblem([])).to.equal(undefined);
    expect(findLabelProblem(['tenant', 'Tenant', '_', '_a', 'team_2', 'constructor', 'agent'])).to.equal(undefined);
  });

  it('names the first invalid label, with the expectation', () => {
    expect(findLabelProblem(['tenant', '2nd', 'le'])?.label).to.equal('2nd');
    for (const label of ['', ' ', 'a b', 'a-b', 'é', '__a', '__', 'a\n', 'a:b', undefined, null, 1, {}]) {
      expect(findLabelProblem([label])?.expected, String(label)).to.contain('letters, digits and _');
    }
  });

  it('rejects labels with another purpose', () => {
    for (const label of ['le', 'quantile', 'job', 'instance', 'leaf', 'datasource']) {
      expect(findLabelProblem([label])?.expected, label).to.match(/^another label, because \w/);
    }
  });

  it('rejects each label of the catalog, and names a metric that has it', () => {
    for (const { labels } of Object.values(catalog)) {
      for (const label of labels)
        expect(findLabelProblem([label])?.expected, label).to.match(/because tinyllm_\w+ already/);
    }
  });

  it('rejects repeated labels', () => {
    expect(findLabelProblem(['a', 'b', 'a'])).to.deep.equal({ label: 'a', expected: 'each label once' });
  });

  it('accepts any valid names that are free and unique, and no others', () => {
    const reserved = ['le', 'quantile', 'job', 'instance', 'leaf', 'datasource'];
    const taken = new Set([...reserved, ...Object.values(catalog).flatMap(({ labels }): readonly string[] => labels)]);
    const names = fc.oneof(fc.string(), fc.constantFrom('tenant', ...taken), fc.stringMatching(/^[a-zA-Z_]\w*$/));
    const property = fc.property(fc.array(names), (labels) => {
      const areValid = labels.every((label) => /^(?!__)[a-z_][a-z0-9_]*$/i.test(label) && !taken.has(label));
      const areUnique = new Set(labels).size === labels.length;
      expect(findLabelProblem(labels) === undefined).to.equal(areValid && areUnique);
    });
    fc.assert(property);
  });
});
