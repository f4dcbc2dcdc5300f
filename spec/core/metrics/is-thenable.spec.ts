import { expect } from 'chai';
import { isThenable } from '../../../lib/core/metrics/is-thenable.js';

describe('isThenable', () => {
  const having = (then: unknown, target: object = {}) => Object.assign(target, Object.fromEntries([['then', then]]));

  it('recognizes a method `then`, own or inherited', () => {
    const work = () => {};
    expect([Promise.resolve(), having(work), having(work, () => {})].filter(isThenable)).to.have.length(3);
  });

  it('does not recognize other values', () => {
    const others = [undefined, null, 0, 'then', {}, having(true), () => {}];
    expect(others.filter(isThenable)).to.deep.equal([]);
  });
});
