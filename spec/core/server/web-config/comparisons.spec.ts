import { expect } from 'chai';
import { Comparisons } from '../../../../lib/core/server/web-config/comparisons.js';
import { hashOfSecret } from '../../../support/web-config-folder.js';

describe('Comparisons', () => {
  it('tell whether a password is the one of a hash, of every prefix there is', async () => {
    const comparisons = new Comparisons();
    for (const prefix of ['$2a', '$2b', '$2y']) {
      const hash = `${prefix}${hashOfSecret.slice(3)}`;
      expect(await comparisons.compare('secret', hash), prefix).to.equal(true);
      expect(await comparisons.compare('Secret', hash), prefix).to.equal(false);
    }
  });

  it('refuse, at once, what is more than may wait, and take more when that is done', async () => {
    const comparisons = new Comparisons({ running: 1, waiting: 2 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => comparisons.compare('secret', hashOfSecret)));
    expect(answers).to.deep.equal([true, true, true, undefined, undefined]);
    expect(await comparisons.compare('secret', hashOfSecret)).to.equal(true);
  });

  it('go on after one that failed', async () => {
    const comparisons = new Comparisons({ running: 1, waiting: 1 });
    const failed = comparisons.compare(undefined as unknown as string, hashOfSecret).catch(() => 'failed');
    expect(await Promise.all([failed, comparisons.compare('secret', hashOfSecret)])).to.deep.equal(['failed', true]);
  });
});
