import { expect } from 'chai';
import { scrapeNames } from '../../../lib/core/formats/scrape-names.js';

describe('scrapeNames', () => {
  const gauges = (...names: readonly string[]) => names.map((name) => ({ name, type: 'gauge' }));

  it('escapes names, and omits a metric whose escaped name is the name of another metric', () => {
    const rules = { strict: false, escaping: 'underscores' } as const;
    expect(scrapeNames(gauges('a.b', 'a-b', 'c'), rules)).to.deep.equal([
      { name: 'a_b', type: 'gauge' },
      { name: 'a_b', type: undefined },
      { name: 'c', type: 'gauge' },
    ]);
  });

  it('gives priority to names that do not change', () => {
    for (const escaping of ['underscores', 'values'] as const) {
      const changed = escaping === 'underscores' ? 'a_b' : 'U__a_2e_b';
      expect(scrapeNames(gauges('a.b', changed), { strict: false, escaping })).to.deep.equal([
        { name: changed, type: undefined },
        { name: changed, type: 'gauge' },
      ]);
    }
  });

  it('keeps all names with allow-utf-8, and considers reserved names', () => {
    const rules = { strict: false, escaping: 'allow-utf-8', reserved: gauges('a_b') } as const;
    expect(scrapeNames(gauges('a.b', 'a_b'), rules).map(({ type }) => type)).to.deep.equal(['gauge', undefined]);
  });

  it('considers the names of samples', () => {
    const metrics = [{ name: 'a.b', type: 'histogram' }, ...gauges('a_b_count')];
    const types = scrapeNames(metrics, { strict: false, escaping: 'underscores' }).map(({ type }) => type);
    expect(types).to.deep.equal([undefined, 'gauge']);
  });
});
