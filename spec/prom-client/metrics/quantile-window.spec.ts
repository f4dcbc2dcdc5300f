import { expect } from 'chai';
import { QuantileWindow } from '../../../lib/prom-client/metrics/quantile-window.js';

describe('a QuantileWindow', () => {
  const realNow = Date.now;
  let now = 0;
  beforeEach(() => {
    now = 0;
    Date.now = () => now;
  });
  afterEach(() => {
    Date.now = realNow;
  });

  it('estimates quantiles of all values if it has no limit', () => {
    const window = new QuantileWindow({});
    expect(window.percentile(0.5)).to.equal(undefined);
    for (let value = 1; value <= 100; value++) window.push(value);
    now = 1e12;
    expect(window.size()).to.equal(100);
    expect(window.percentile(0.5)).to.be.within(49, 52);
    window.reset();
    expect(window.size()).to.equal(0);
  });

  it('forgets a value after the length of the window, in steps', () => {
    const window = new QuantileWindow({ maxAgeSeconds: 5, ageBuckets: 5 });
    window.push(1);
    now = 2_500;
    window.push(9);
    now = 5_000;
    expect(window.percentile(0.01)).to.equal(1);
    now = 5_001;
    expect(window.percentile(0.01)).to.equal(9);
    now = 8_001;
    expect(window.size()).to.equal(0);
    expect(window.current).to.equal(3);
  });

  it('replaces each bucket once after a long pause', () => {
    const window = new QuantileWindow({ maxAgeSeconds: 0.005, ageBuckets: 5 });
    window.push(1);
    now = 1e12;
    const started = performance.now();
    expect(window.size()).to.equal(0);
    expect(performance.now() - started).to.be.below(1_000);
    window.push(2);
    expect(window.percentile(0.5)).to.equal(2);
    now += 1;
    expect(window.percentile(0.5)).to.equal(2);
  });

  it('merges close values on request', () => {
    const window = new QuantileWindow({});
    for (let value = 0; value < 900; value++) window.push(value % 7);
    window.compress();
    expect(window.percentile(0.5)).to.be.within(2, 4);
  });
});
