import { mock } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { CircuitBreaker, type CircuitBreakerLimits } from '../../../lib/resilience/policies/circuit-breaker.js';

class Refusal extends Error {}

describe('CircuitBreaker', () => {
  beforeEach(() => mock.timers.enable({ apis: ['Date'] }));
  afterEach(() => mock.timers.reset());

  function breakerWith(limits: CircuitBreakerLimits) {
    const events: string[] = [];
    const breaker = new CircuitBreaker({
      ...limits,
      refusal: (lastFailure) => new Refusal(String(lastFailure)),
      onState: (state) => events.push(state),
      onFailure: () => events.push('failure'),
      onRejected: () => events.push('rejected'),
    });
    return { breaker, events };
  }

  it('opens after consecutive failures, and rejects calls', async () => {
    const { breaker, events } = breakerWith({ failures: 2 });
    await breaker.enter().failed('first');
    await breaker.enter().succeeded();
    await breaker.enter().failed('second');
    expect(breaker.state).to.equal('closed');
    await breaker.enter().failed('third');
    expect(breaker.state).to.equal('open');
    expect(() => breaker.enter()).to.throw(Refusal, 'third');
    expect(events).to.deep.equal(['failure', 'failure', 'failure', 'open', 'rejected']);
  });

  it('admits one trial call after the open time, and rejects other calls until it ends', async () => {
    const { breaker, events } = breakerWith({ failures: 1, openForSeconds: 30 });
    await breaker.enter().failed('first');
    mock.timers.tick(29_999);
    expect(() => breaker.enter()).to.throw(Refusal);
    mock.timers.tick(1);
    const trial = breaker.enter();
    expect(() => breaker.enter()).to.throw(Refusal);
    await trial.succeeded();
    await breaker.enter().succeeded();
    expect(events).to.deep.equal(['failure', 'open', 'rejected', 'half-open', 'rejected', 'closed']);
  });

  it('opens for the same time again when the trial call fails', async () => {
    const { breaker } = breakerWith({ failures: 3, openForSeconds: 30 });
    for (const name of ['first', 'second', 'third']) await breaker.enter().failed(name);
    mock.timers.tick(30_000);
    await breaker.enter().failed('trial');
    mock.timers.tick(29_999);
    expect(() => breaker.enter()).to.throw(Refusal, 'trial');
    mock.timers.tick(1);
    await breaker.enter().succeeded();
    expect(breaker.state).to.equal('closed');
  });

  it('ignores calls without an outcome', async () => {
    const { breaker } = breakerWith({ failures: 2, openForSeconds: 30 });
    await breaker.enter().failed('first');
    await breaker.enter().left();
    await breaker.enter().failed('second');
    expect(breaker.state).to.equal('open');
    mock.timers.tick(30_000);
    await breaker.enter().left();
    expect(breaker.state).to.equal('open');
    await breaker.enter().succeeded();
    expect(breaker.state).to.equal('closed');
  });

  it('behaves like a simple reference implementation for any sequence of calls', async () => {
    const step = fc.oneof(
      fc.record({ call: fc.constantFrom('succeeded' as const, 'failed' as const, 'left' as const) }),
      fc.record({ pass: fc.integer({ min: 1, max: 40 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 40 }), async (failures, steps) => {
        const { breaker } = breakerWith({ failures, openForSeconds: 30 });
        let inARow = 0;
        let openFor: number | undefined;
        for (const taken of steps) {
          if ('pass' in taken) {
            mock.timers.tick(taken.pass * 1000);
            if (openFor !== undefined) openFor -= taken.pass;
            continue;
          }
          if (openFor !== undefined && openFor > 0) {
            expect(() => breaker.enter()).to.throw(Refusal);
            continue;
          }
          await breaker.enter()[taken.call]('failed');
          if (taken.call === 'succeeded') {
            inARow = 0;
            openFor = undefined;
          } else if (taken.call === 'failed') {
            inARow += 1;
            if (openFor !== undefined || inARow >= failures) openFor = 30;
          }
          expect(breaker.state).to.equal(openFor === undefined ? 'closed' : 'open');
        }
      }),
    );
  });
});
