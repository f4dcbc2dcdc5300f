import { expect } from 'chai';
import { wait } from '../../../lib/resilience/policies/wait.js';

describe('wait', () => {
  it('resolves after the time', async () => {
    expect(await wait(0)).to.equal(undefined);
    expect(await wait(0, new AbortController().signal)).to.equal(undefined);
  });

  it("rejects immediately with the signal's reason", async () => {
    const reason = new Error('left');
    expect(await wait(600, AbortSignal.abort(reason)).catch((error: unknown) => error)).to.equal(reason);
    const controller = new AbortController();
    const waiting = wait(600, controller.signal).catch((error: unknown) => error);
    controller.abort(reason);
    expect(await waiting).to.equal(reason);
  });
});
