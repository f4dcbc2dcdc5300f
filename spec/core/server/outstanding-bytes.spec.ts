import { expect } from 'chai';
import { OutstandingBytes } from '../../../lib/core/server/outstanding-bytes.js';

describe('OutstandingBytes', () => {
  it('limits the total bytes, and accepts more after a release', () => {
    const outstanding = new OutstandingBytes({ bytes: 100, slowMilliseconds: 60_000 });
    expect([outstanding.reserve(40), outstanding.reserve(40), outstanding.reserve(40)]).to.deep.equal([
      true,
      true,
      false,
    ]);
    outstanding.release(40);
    expect(outstanding.reserve(40)).to.equal(true);
    expect(outstanding.bytes).to.equal(80);
  });

  it('keeps three quarters of the limit for required bytes', () => {
    const outstanding = new OutstandingBytes({ bytes: 100 });
    expect([outstanding.reserveOptional(25), outstanding.reserveOptional(1)]).to.deep.equal([true, false]);
    expect(outstanding.reserve(75)).to.equal(true);
  });

  it('accepts one scrape above the limit, but no second one', () => {
    const outstanding = new OutstandingBytes({ bytes: 100 });
    expect([outstanding.reserve(300), outstanding.reserve(300)]).to.deep.equal([true, false]);
  });

  it('lets one scrape grow above the limit while the others use at most half of it', () => {
    const outstanding = new OutstandingBytes({ bytes: 100 });
    expect(outstanding.reserve(40)).to.equal(true);
    for (let own = 0; own < 300; own += 20) expect(outstanding.reserve(20, own), String(own)).to.equal(true);
    expect(outstanding.reserve(20, 20)).to.equal(false);
  });

  it('drops only as many of the slowest holders as necessary', () => {
    const outstanding = new OutstandingBytes({ bytes: 100, slowMilliseconds: 0 });
    const dropped: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      expect(outstanding.reserve(30)).to.equal(true);
      outstanding.addHolder({
        drop: () => {
          dropped.push(name);
          outstanding.release(30);
        },
      });
    }
    expect(outstanding.reserve(60)).to.equal(true);
    expect(dropped).to.deep.equal(['first', 'second']);
  });

  it('never drops fast or ended holders', () => {
    const quick = new OutstandingBytes({ bytes: 100, slowMilliseconds: 60_000 });
    quick.addHolder({ drop: () => expect.fail() });
    quick.reserve(100);
    expect(quick.reserve(1)).to.equal(false);
    const left = new OutstandingBytes({ bytes: 100, slowMilliseconds: 0 });
    left.addHolder({ drop: () => expect.fail() })();
    left.reserve(100);
    expect(left.reserve(1)).to.equal(false);
  });
});
