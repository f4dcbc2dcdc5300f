import { expect } from 'chai';
import { getTrackedMethods } from '../../../lib/core/index.js';
import { dialects } from '../../support/dialects.js';
import { freshGraph } from '../../support/shared-scrape.js';

for (const dialect of dialects) {
  describe(`getTrackedMethods (${dialect.name})`, () => {
    it('lists kind, method and options for a class and for an instance', () => {
      const graph = freshGraph();
      const { Workflow, Node } = dialect.subjects(graph);
      const expected = [{ kind: 'graph', method: 'execute', static: false, options: { graph } }];
      expect(getTrackedMethods(Workflow)).to.deep.equal(expected);
      expect(getTrackedMethods(new Workflow())).to.deep.equal(expected);
      const methods = getTrackedMethods(Node);
      expect(methods.map(({ method }) => method)).to.include.members(['run', 'stream', 'create']);
      expect(methods.filter((method) => method.static).map(({ method }) => method)).to.deep.equal(['create']);
    });

    it('lists inherited methods once, in their overridden form', () => {
      const { Child } = dialect.subjects(freshGraph());
      const secret = getTrackedMethods(Child).filter(({ method }) => method === 'secret');
      expect(secret.map(({ options }) => (options as { node?: unknown }).node)).to.deep.equal(['child']);
      expect(getTrackedMethods(Child).map(({ method }) => method)).to.include('runAsync');
    });

    it('lists each of two decorators on one method', () => {
      const { Both } = dialect.subjects(freshGraph());
      expect(getTrackedMethods(Both).map(({ kind }) => kind)).to.deep.equal(['graph', 'node']);
    });

    it('omits a method that is overridden without a decorator', () => {
      const { Workflow } = dialect.subjects(freshGraph());
      class Plain extends Workflow {
        override async execute<Result>(work: () => Result | PromiseLike<Result>): Promise<Result> {
          return super.execute(work);
        }
      }
      expect(getTrackedMethods(Plain)).to.deep.equal([]);
    });
  });
}

describe('getTrackedMethods', () => {
  it('returns an empty list if no method is tracked', () => {
    for (const value of [class {}, {}, Object.create(null), () => 1])
      expect(getTrackedMethods(value)).to.deep.equal([]);
  });
});
