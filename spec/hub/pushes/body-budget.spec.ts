import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { BodyBudget } from '../../../lib/hub/pushes/body-budget.js';

describe('BodyBudget', () => {
  it('limits the bytes of all shares together, and returns released bytes immediately', () => {
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

  it('runs operations with additional memory one at a time, also after a failure', async () => {
    const budget = new BodyBudget(100);
    let running = 0;
    const most: number[] = [];
    const operation = async (): Promise<void> => {
      running++;
      most.push(running);
      await nextTurn();
      running--;
      if (most.length === 2) throw new Error('second');
    };
    const ended = await Promise.allSettled([1, 2, 3, 4].map(() => budget.open().runInOrder(operation)));
    expect(most).to.deep.equal([1, 1, 1, 1]);
    expect(ended.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });
});
