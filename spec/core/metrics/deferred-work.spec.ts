import { expect } from 'chai';
import {
  type DeferredWork,
  deferredWork,
  requireStack,
  runDeferredWork,
} from '../../../lib/core/metrics/deferred-work.js';

describe('runDeferredWork', () => {
  const defer = (run: () => void): void => {
    const work: DeferredWork = { run, next: deferredWork.last };
    deferredWork.last = work;
  };

  it('does each piece once, latest first, including work deferred meanwhile', () => {
    const done: number[] = [];
    defer(() => done.push(1));
    defer(() => {
      done.push(2);
      defer(() => done.push(3));
      runDeferredWork();
    });
    runDeferredWork();
    runDeferredWork();
    expect(done).to.deep.equal([2, 3, 1]);
  });

  it('keeps the work if the stack is full, and never throws', () => {
    let done = 0;
    defer(() => done++);
    const recurse = (): void => {
      try {
        requireStack('toRunDeferred');
      } catch {
        runDeferredWork();
        return;
      }
      recurse();
    };
    recurse();
    expect(done).to.equal(0);
    runDeferredWork();
    expect(done).to.equal(1);
  });

  it('continues after work that throws', () => {
    let done = 0;
    defer(() => done++);
    defer(() => {
      throw new Error('no');
    });
    runDeferredWork();
    runDeferredWork();
    expect(done).to.equal(1);
  });
});

describe('requireStack', () => {
  it('throws a RangeError only if less stack is left than required', () => {
    expect(() => requireStack()).not.to.throw();
    let rejections = 0;
    const recurse = (): number => {
      try {
        requireStack();
      } catch (error) {
        expect(error).to.be.instanceOf(RangeError);
        rejections++;
        return 0;
      }
      return recurse() + 1;
    };
    recurse();
    expect(rejections).to.equal(1);
  });
});
