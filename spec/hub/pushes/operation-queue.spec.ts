import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { OperationQueue } from '../../../lib/hub/pushes/operation-queue.js';

describe('OperationQueue', () => {
  it('runs operations one after the other, also after a failure', async () => {
    const queue = new OperationQueue();
    const events: string[] = [];
    const operation = (name: string) => async () => {
      events.push(`${name} starts`);
      await nextTurn();
      events.push(`${name} ends`);
      if (name === 'b') throw new Error(name);
      return name;
    };
    const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => queue.run(operation(name))));
    expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
    expect(events).to.deep.equal(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  });

  it('lets other work run while many operations wait', async () => {
    const queue = new OperationQueue();
    let done = 0;
    const busy = (): void => {
      for (const end = performance.now() + 2; performance.now() < end; );
      done++;
    };
    const all = Promise.all(Array.from({ length: 200 }, () => queue.run(busy)));
    await nextTurn();
    await nextTurn();
    expect(done).to.be.within(0, 199);
    await all;
    expect(done).to.equal(200);
  });
});
