import { expect } from 'chai';
import { ForeignTurns } from '../../../lib/core/server/foreign-turns.js';

const block = (milliseconds: number): void => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

describe('ForeignTurns', () => {
  it('runs one work at a time, in order, also after one that fails', async () => {
    const turns = new ForeignTurns();
    const events: string[] = [];
    const work = (name: string, fails = false) =>
      turns.run(async () => {
        events.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        events.push(`${name} ends`);
        if (fails) throw new Error(name);
      });
    const results = await Promise.allSettled([work('a', true), work('b'), work('c')]);
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled', 'fulfilled']);
    expect(events).to.deep.equal(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('pauses for as long as the work before took, and says so to who waits', async () => {
    const turns = new ForeignTurns();
    let delays = 0;
    await turns.run(
      async () => block(30),
      () => delays++,
    );
    expect(delays).to.equal(0);
    const ended = performance.now();
    await turns.run(
      async () => {},
      () => delays++,
    );
    expect(delays).to.equal(1);
    // A timer is never early by more than its resolution.
    expect(performance.now() - ended).to.be.at.least(25);
  });
});
