import { expect } from 'chai';
import { assert, dictionary, property, string } from 'fast-check';
import { contextLabels, copyLabels, NO_LABELS } from '../../../lib/core/metrics/call-context.js';

describe('the labels of a context', () => {
  it('are a copy that contains only the given labels, whatever their names', () => {
    assert(
      property(dictionary(string(), string()), (labels) => {
        const copy = contextLabels(labels);
        expect(Object.entries(copy)).to.deep.equal(Object.entries(labels));
        expect(copy).not.to.equal(labels);
      }),
    );
    expect(Object.entries(contextLabels(JSON.parse('{"__proto__":"a"}')))).to.deep.equal([['__proto__', 'a']]);
  });

  it('inherit no properties', () => {
    for (const labels of [NO_LABELS, contextLabels({ tenant: 'acme' })]) {
      for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__']) {
        expect(labels[name], name).to.equal(undefined);
      }
    }
  });

  it("can't be changed, except those of copyLabels", () => {
    expect(Object.isFrozen(NO_LABELS)).to.equal(true);
    expect(Object.isFrozen(contextLabels({ tenant: 'acme' }))).to.equal(true);
    const copy = copyLabels({ tenant: 'acme' });
    copy.tenant = 'globex';
    expect({ ...copy }).to.deep.equal({ tenant: 'globex' });
  });
});
