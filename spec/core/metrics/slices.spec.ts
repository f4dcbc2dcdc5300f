import { expect } from 'chai';
import { Slices } from '../../../lib/core/metrics/slices.js';

const block = (milliseconds: number): void => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

describe('Slices', () => {
  function* work(steps: number, milliseconds: number): Generator<void, string, void> {
    for (let step = 0; step < steps; step++) {
      block(milliseconds);
      yield;
    }
    return 'done';
  }

  it('lets the event loop turn while long work runs', async () => {
    let [turns, pauses] = [0, 0];
    const timer = setInterval(() => turns++, 0);
    const slices = new Slices(() => pauses++);
    expect(await slices.run(work(30, 2))).to.equal('done');
    clearInterval(timer);
    expect(turns).to.be.at.least(2);
    expect(pauses).to.be.at.least(5);
  });

  it('finishes short work at once, even if the slice is used up', async () => {
    const slices = new Slices();
    block(6);
    expect(slices.isUsedUp).to.equal(true);
    const generator = work(3, 0);
    const done = slices.run(generator);
    expect(generator.next().done).to.equal(true);
    expect(await done).to.equal('done');
  });

  it('measures how long the work has blocked the event loop, without the pauses', async () => {
    const slices = new Slices();
    block(10);
    await Promise.all([slices.pause(), slices.pause()]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(slices.isUsedUp || slices.busyMilliseconds < 10_000).to.equal(true);
    expect(slices.busyMilliseconds).to.be.at.least(10);
  });
});
