import { expect } from 'chai';
import { labelWriter } from '../../../lib/core/formats/label-text.js';

describe('labelWriter', () => {
  it("writes a series' labels in order, then the default labels, all escaped", () => {
    const write = labelWriter({ labels: ['b', 'a'], kind: 'counter' }, { zone: 'x"', app: 'y' });
    expect(write(['1', 'two\n'])).to.equal('b="1",a="two\\n",zone="x\\"",app="y"');
    expect(write(['', '3'])).to.equal('b="",a="3",zone="x\\"",app="y"');
  });

  it('writes only own labels if there are no default labels, and only default labels if there are no own labels', () => {
    expect(labelWriter({ labels: ['a', 'b'], kind: 'gauge' })(['1', '2'])).to.equal('a="1",b="2"');
    expect(labelWriter({ labels: [], kind: 'gauge' })([])).to.equal('');
    expect(labelWriter({ labels: [], kind: 'gauge' }, { zone: 'x' })([])).to.equal('zone="x"');
  });

  it("gives priority to the series' own labels and to a histogram's `le`", () => {
    const defaults = { a: 'default', le: '1' };
    expect(labelWriter({ labels: ['a'], kind: 'counter' }, defaults)(['own'])).to.equal('a="own",le="1"');
    expect(labelWriter({ labels: ['a'], kind: 'histogram' }, defaults)(['own'])).to.equal('a="own"');
    expect(labelWriter({ labels: [], kind: 'histogram' }, defaults)([])).to.equal('a="default"');
  });

  it('quotes names that are not plain', () => {
    expect(labelWriter({ labels: ['a.b', 'c"'], kind: 'gauge' })(['1', '2'])).to.equal('"a.b"="1","c\\""="2"');
  });

  it('writes a missing value as empty', () => {
    expect(labelWriter({ labels: ['a', 'b'], kind: 'counter' })(['1'])).to.equal('a="1",b=""');
  });
});
