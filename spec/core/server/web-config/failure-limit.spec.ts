import { expect } from 'chai';
import { FailureLimit } from '../../../../lib/core/server/web-config/failure-limit.js';

describe('FailureLimit', () => {
  let now: number;
  const limit = (options = {}) => new FailureLimit({ burst: 2, perSecond: 0.5, now: () => now, ...options });
  const take = (failures: FailureLimit, address: string, times: number) =>
    Array.from({ length: times }, () => failures.take(address));
  beforeEach(() => {
    now = 0;
  });

  it('allows a burst, then the rate, and never more than the burst', () => {
    const failures = limit();
    expect(take(failures, '10.0.0.1', 3)).to.deep.equal([true, true, false]);
    now = 1_999;
    expect(take(failures, '10.0.0.1', 1)).to.deep.equal([false]);
    now = 2_000;
    expect(take(failures, '10.0.0.1', 2)).to.deep.equal([true, false]);
    now = 1_000_000;
    expect(take(failures, '10.0.0.1', 3)).to.deep.equal([true, true, false]);
  });

  it('counts each IPv4 address, and each /64 network of IPv6', () => {
    const same = [
      ['10.0.0.1', '::ffff:10.0.0.1'],
      ['2001:db8:0:1::1', '2001:db8:0:1:ffff::2'],
      ['fe80::1%eth0', 'fe80::2'],
      ['::1', '::1'],
    ];
    for (const [one = '', other = ''] of same) {
      const failures = limit();
      take(failures, one, 2);
      expect(failures.take(other), other).to.equal(false);
    }
    const failures = limit();
    take(failures, '2001:db8::1', 2);
    for (const other of ['2001:db8:0:1::1', '10.0.0.1', '::1', '']) expect(failures.take(other), other).to.equal(true);
  });

  it('returns tokens, up to the burst', () => {
    const failures = limit();
    take(failures, '10.0.0.1', 2);
    failures.giveBack('10.0.0.1');
    expect(take(failures, '10.0.0.1', 2)).to.deep.equal([true, false]);
    for (let time = 0; time < 5; time++) failures.giveBack('10.0.0.1');
    expect(take(failures, '10.0.0.1', 3)).to.deep.equal([true, true, false]);
    failures.giveBack('10.0.0.2');
  });

  it('removes the address whose last attempt is the oldest at the limit', () => {
    const failures = limit({ addresses: 2 });
    for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.1', '10.0.0.3']) failures.take(address);
    expect(take(failures, '10.0.0.1', 1)).to.deep.equal([false]);
    expect(take(failures, '10.0.0.2', 2)).to.deep.equal([true, true]);
  });
});
