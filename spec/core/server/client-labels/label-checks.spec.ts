import { expect } from 'chai';
import fc from 'fast-check';
import { catalog } from '../../../../lib/core/catalog/catalog.js';
import { MetricsCollector } from '../../../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';
import { isLabelText, labelNameProblem } from '../../../../lib/core/server/client-labels/label-checks.js';

describe('labelNameProblem', () => {
  it('accepts the names that configureMetrics accepts', () => {
    const names = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.stringMatching(/^[a-z_][a-z0-9_]{0,6}$/),
      fc.constantFrom('le', 'job', ...Object.values(catalog).flatMap(({ labels }): readonly string[] => labels)),
    );
    fc.assert(
      fc.property(names, (name) => {
        const { meter } = new MetricsCollector(new SharedRegistry());
        const configure = (): void => meter.configure({ labels: [name] });
        const problem = labelNameProblem(name);
        if (problem === undefined) expect(configure).to.not.throw();
        else expect(configure).to.throw(Error, problem);
      }),
      { numRuns: 50 },
    );
  });

  it('explains invalid names', () => {
    expect(labelNameProblem('tenant')).to.equal(undefined);
    expect(labelNameProblem('graph')).to.match(/^contains "graph", which is a label of tinyllm_\w+; choose another/);
    expect(labelNameProblem('job')).to.equal('contains "job", which Prometheus sets itself; choose another name.');
  });
});

describe('isLabelText', () => {
  it('accepts 1 to 256 characters without control and format characters', () => {
    for (const text of ['a', 'Zoë & Söhne', '日本', '"\\', '👩', 'x'.repeat(256)]) {
      expect(isLabelText(text), text).to.equal(true);
    }
    for (const text of ['', 'x'.repeat(257), 'a\nb', '\0', '\u200b', '\u202e', '\u2028', '\ud800', 1, null, {}]) {
      expect(isLabelText(text), JSON.stringify(text)).to.equal(false);
    }
  });
});
