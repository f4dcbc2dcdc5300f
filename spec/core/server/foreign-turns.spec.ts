import { expect } from 'chai';
import { ForeignTurns } from '../../../lib/core/server/foreign-turns.js';

const block = (milliseconds: number): void => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

describe('ForeignTurns', () => {
  it('runs work one at a time and in order, also after a failure', async () => {
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

  it('pauses for the duration of the previous work, and reports the delay', async () => {
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
    // A timer can fire early by up to its resolution.
    expect(performance.now() - ended).to.be.at.least(25);
  });
});
