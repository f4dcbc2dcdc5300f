import { expect } from 'chai';
import { BodyBudget } from '../../../lib/hub/pushes/body-budget.js';

describe('BodyBudget', () => {
  it('limits the bytes of all shares together, and gets them back at once', () => {
    const budget = new BodyBudget(100);
    const [one, other] = [budget.open(), budget.open()];
    one.reserve(60);
    other.reserve(30);
    expect(() => other.reserve(11))
      .to.throw('take more than 100 bytes')
      .with.property('status', 503);
    expect(budget.bytes).to.equal(90);
    one.release();
    one.release();
    other.reserve(70);
    expect(budget.bytes).to.equal(100);
    other.release();
    expect(budget.bytes).to.equal(0);
  });
});
