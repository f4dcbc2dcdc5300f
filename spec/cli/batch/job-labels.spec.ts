import { expect } from 'chai';
import { JobLabels } from '../../../cli/batch/job-labels.js';

describe('JobLabels', () => {
  it('selects the declared labels, and reports each other label once', () => {
    const problems: string[] = [];
    const labels = new JobLabels(['tenant', 'zone'], (problem) => problems.push(problem));
    expect(labels.declared({ tenant: 'acme', user: 'a' })).to.deep.equal({ tenant: 'acme' });
    expect(labels.declared({ user: 'b', toString: 'c' })).to.deep.equal({});
    expect(labels.declared({})).to.deep.equal({});
    expect(problems).to.deep.equal(
      ['user', 'toString'].map(
        (name) =>
          `warning: a question has the label "${name}", which this worker does not declare; the label is ignored. To record it, add --label ${name}`,
      ),
    );
  });

  it('explains why a label cannot be declared', () => {
    const problems: string[] = [];
    const labels = new JobLabels([], (problem) => problems.push(problem));
    labels.declared({ 'my-team': 'a', model: 'b', 'a\nb': 'c' });
    expect(problems.map((problem) => problem.slice(0, 48))).to.deep.equal([
      'warning: a label of a question contains "my-team',
      'warning: a label of a question contains "model",',
      'warning: a label of a question contains "a\\nb"; ',
    ]);
    expect(problems.every((problem) => problem.endsWith('. The label is ignored.'))).to.equal(true);
  });

  it('reports at most 16 labels', () => {
    let problems = 0;
    const labels = new JobLabels([], () => problems++);
    for (let index = 0; index < 100; index++) labels.declared({ [`label${index}`]: 'a' });
    expect(problems).to.equal(16);
  });
});
