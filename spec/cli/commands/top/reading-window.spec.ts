import { expect } from 'chai';
import { ReadingWindow } from '../../../../cli/commands/top/reading-window.js';

describe('ReadingWindow', () => {
  const filled = (seconds: number, times: readonly number[]) => {
    const window = new ReadingWindow(seconds);
    for (const at of times) window.add({ at, families: new Map() });
    return window;
  };

  it('keeps the readings of its window, and always at least two', () => {
    expect(filled(10, [0, 4, 8, 12]).readings.map(({ at }) => at)).to.deep.equal([4, 8, 12]);
    expect(filled(1, [0, 50, 100]).readings.map(({ at }) => at)).to.deep.equal([50, 100]);
  });

  it('is empty after it is cleared', () => {
    const window = filled(10, [0, 1]);
    window.clear();
    window.add({ at: 2, families: new Map() });
    expect(window.readings).to.have.length(1);
  });
});
