import { expect } from 'chai';
import { Lifetime } from '../../../cli/command/lifetime.js';
import { captureOutput } from '../../support/captured-output.js';

describe('Lifetime', () => {
  const lifetime = (): Lifetime => new Lifetime(captureOutput().output);

  it('ends a command with an AbortError', () => {
    const life = lifetime();
    expect(life.signal.aborted).to.equal(false);
    life.end();
    expect(life.signal.reason).to.have.property('name', 'AbortError');
  });

  it('runs the steps one after the other, the last one taken first, also after an end', async () => {
    const life = lifetime();
    const order: string[] = [];
    life.afterwards(async () => {
      order.push('close');
    });
    life.afterwards(async () => {
      order.push('linger');
      await new Promise((resolve) => setImmediate(resolve));
      order.push('lingered');
    });
    life.end();
    await life.close();
    expect(order).to.deep.equal(['linger', 'lingered', 'close']);
  });

  it('runs every step when one throws, and then throws that', async () => {
    const life = lifetime();
    let closed = false;
    life.afterwards(async () => {
      closed = true;
    });
    life.afterwards(async () => {
      throw new Error('torn');
    });
    const error = await life.close().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.have.property('message', 'torn');
    expect(closed).to.equal(true);
  });

  it('takes two seconds to end early, or as many more as are allowed', () => {
    const life = lifetime();
    expect(life.graceSeconds).to.equal(2);
    life.allowSeconds(10);
    life.allowSeconds(1);
    expect(life.graceSeconds).to.equal(10);
  });

  it('runs a step once', async () => {
    const life = lifetime();
    let times = 0;
    life.afterwards(async () => {
      times++;
    });
    await life.close();
    await life.close();
    expect(times).to.equal(1);
  });
});
