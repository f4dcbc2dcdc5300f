import { mock } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { Deadline } from '../../../lib/resilience/policies/deadline.js';

const late = new Error('late');
const caught = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
const never = (): Promise<never> => new Promise(() => undefined);

describe('Deadline', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('returns the result or throws the error of a step within the limit', async () => {
    const deadline = new Deadline({ seconds: 5, expired: () => late });
    expect(await deadline.step(async () => 'done')).to.equal('done');
    const error = new Error('no');
    expect(await caught(deadline.step(() => Promise.reject(error)))).to.equal(error);
    mock.timers.tick(60_000);
    expect(deadline.signal.aborted).to.equal(false);
  });

  it('ends a step that takes too long, even if it ignores the signal', async () => {
    const deaf = new Deadline({ seconds: 5, expired: () => late });
    const step = caught(deaf.step(never));
    mock.timers.tick(4_999);
    expect(deaf.signal.aborted).to.equal(false);
    mock.timers.tick(1);
    expect(deaf.signal.reason).to.equal(late);
    expect(await step).to.equal(late);

    const heeding = new Deadline({ seconds: 5, expired: () => late });
    const { signal } = heeding;
    const aborted = caught(
      heeding.step(
        () =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('some other')))),
      ),
    );
    mock.timers.tick(5_000);
    expect(await aborted).to.equal(late);
  });

  it('applies the limit to each step separately', async () => {
    const deadline = new Deadline({ seconds: 5, expired: () => late });
    for (let step = 0; step < 3; step++) {
      await deadline.step(nextTurn);
      mock.timers.tick(4_000);
    }
    expect(deadline.signal.aborted).to.equal(false);
  });

  it("forwards the abort and the reason of the caller's signal until it ends", () => {
    const reason = new Error('left');
    const controller = new AbortController();
    const [active, ended] = [0, 1].map(() => new Deadline({ expired: () => late, signal: controller.signal }));
    ended?.end();
    controller.abort(reason);
    expect(active?.signal.reason).to.equal(reason);
    expect(ended?.signal.aborted).to.equal(false);
    expect(new Deadline({ expired: () => late, signal: controller.signal }).signal.reason).to.equal(reason);
  });
});
