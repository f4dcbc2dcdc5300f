import { expect } from 'chai';
import { wait } from '../../../lib/resilience/policies/wait.js';

describe('wait', () => {
  it('ends by itself', async () => {
    expect(await wait(0)).to.equal(undefined);
    expect(await wait(0, new AbortController().signal)).to.equal(undefined);
  });

  it('ends at once with the reason of the signal', async () => {
    const reason = new Error('left');
    expect(await wait(600, AbortSignal.abort(reason)).catch((error: unknown) => error)).to.equal(reason);
    const controller = new AbortController();
    const waiting = wait(600, controller.signal).catch((error: unknown) => error);
    controller.abort(reason);
    expect(await waiting).to.equal(reason);
  });
});
