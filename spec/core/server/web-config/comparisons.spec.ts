import { expect } from 'chai';
import { Comparisons } from '../../../../lib/core/server/web-config/comparisons.js';
import { hashOfSecret } from '../../../support/web-config-folder.js';

describe('Comparisons', () => {
  it('compare a password with a hash of each supported prefix', async () => {
    const comparisons = new Comparisons();
    for (const prefix of ['$2a', '$2b', '$2y']) {
      const hash = `${prefix}${hashOfSecret.slice(3)}`;
      expect(await comparisons.compare('secret', hash), prefix).to.equal(true);
      expect(await comparisons.compare('Secret', hash), prefix).to.equal(false);
    }
  });

  it('reject comparisons above the limit immediately, and accept new ones later', async () => {
    const comparisons = new Comparisons({ waiting: 2 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => comparisons.compare('secret', hashOfSecret)));
    expect(answers).to.deep.equal([true, true, true, undefined, undefined]);
    expect(await comparisons.compare('secret', hashOfSecret)).to.equal(true);
  });

  it('do not delay the event loop', async () => {
    const comparisons = new Comparisons();
    let isDone = false;
    const costly = comparisons.compare('secret', hashOfSecret.replace('$04$', '$10$')).then((matches) => {
      isDone = true;
      return matches;
    });
    let turns = 0;
    for (; !isDone; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(await costly).to.equal(false);
    // In this thread, one turn of the event loop would take up to 100 ms.
    expect(turns).to.be.greaterThan(100);
  });

  it('compare in this thread if the other thread fails, and continue with the next password', async () => {
    const comparisons = new Comparisons();
    const failed = comparisons.compare(undefined as unknown as string, hashOfSecret).catch(() => 'failed');
    expect(await Promise.all([failed, comparisons.compare('secret', hashOfSecret)])).to.deep.equal(['failed', true]);
  });

  it('end their thread when it is idle, and start another one', async () => {
    const comparisons = new Comparisons({ idleMilliseconds: 1 });
    expect(await comparisons.compare('secret', hashOfSecret)).to.equal(true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await comparisons.compare('secret', hashOfSecret)).to.equal(true);
  });
});
