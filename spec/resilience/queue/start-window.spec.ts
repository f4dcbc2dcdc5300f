import { expect } from 'chai';
import fc from 'fast-check';
import { startWindow } from '../../../lib/resilience/queue/start-window.js';

describe('startWindow', () => {
  it('starts one job per window if the window is not too short for a timer', () => {
    expect(startWindow(1 / 60)).to.deep.equal({ interval: 60_000, intervalCap: 1 });
    expect(startWindow(50)).to.deep.equal({ interval: 20, intervalCap: 1 });
  });

  it('starts exactly as many jobs per second as requested, for any rate', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 100_000, noNaN: true }), (rate) => {
        const { interval, intervalCap } = startWindow(rate);
        expect((intervalCap / interval) * 1000).to.be.closeTo(rate, rate / 1e9);
        expect(interval).to.be.at.least(20);
      }),
    );
  });
});
