import { expect } from 'chai';
import { Lifetime } from '../../../cli/command/lifetime.js';
import { captureOutput } from '../../support/captured-output.js';

describe('Lifetime', () => {
  const lifetime = (): Lifetime => new Lifetime(captureOutput().output);

  it('aborts a command with an AbortError', () => {
    const life = lifetime();
    expect(life.signal.aborted).to.equal(false);
    life.end();
    expect(life.signal.reason).to.have.property('name', 'AbortError');
  });

  it('runs deferred steps in reverse order, also after an early end', async () => {
    const life = lifetime();
    const order: string[] = [];
    life.defer(async () => {
      order.push('close');
    });
    life.defer(async () => {
      order.push('linger');
      await new Promise((resolve) => setImmediate(resolve));
      order.push('lingered');
    });
    life.end();
    await life.close();
    expect(order).to.deep.equal(['linger', 'lingered', 'close']);
  });

  it('runs every step even if one throws, and then rethrows', async () => {
    const life = lifetime();
    let closed = false;
    life.defer(async () => {
      closed = true;
    });
    life.defer(async () => {
      throw new Error('torn');
    });
    const error = await life.close().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.have.property('message', 'torn');
    expect(closed).to.equal(true);
  });

  it('allows two seconds after an early end, or more if requested', () => {
    const life = lifetime();
    expect(life.graceSeconds).to.equal(2);
    life.ensureGraceSeconds(10);
    life.ensureGraceSeconds(1);
    expect(life.graceSeconds).to.equal(10);
  });

  it('runs a step once', async () => {
    const life = lifetime();
    let times = 0;
    life.defer(async () => {
      times++;
    });
    await life.close();
    await life.close();
    expect(times).to.equal(1);
  });
});
