import { expect } from 'chai';
import { catalog } from '../../../../lib/core/catalog/catalog.js';
import { parseExposition } from '../../../../lib/core/formats/parse-exposition.js';
import { identitiesOf, Scrape } from '../../../../lib/core/server/page/scrape.js';

describe('a scrape of the page', () => {
  const scrapeOf = (text: string) => new Scrape(parseExposition(text));

  it('sums the series of a metric, in total and by a label', () => {
    const scrape = scrapeOf('a{m="x",g="1"} 1\na{m="x",g="2"} 2\na{m="y",g="1"} 4\n');
    expect(scrape.total('a')).to.equal(7);
    expect(scrape.total('b')).to.equal(undefined);
    expect([...scrape.totalsBy('a', 'm')]).to.deep.equal([
      ['x', 3],
      ['y', 4],
    ]);
  });

  it('computes the increase of a counter', () => {
    const increase = scrapeOf('a{m="x"} 5\na{m="y"} 3\nb 9\n').increaseSince(scrapeOf('a{m="x"} 2\na{m="y"} 3\n'), [
      'a',
    ]);
    expect([...increase.totalsBy('a', 'm')]).to.deep.equal([
      ['x', 3],
      ['y', 0],
    ]);
    expect(increase.total('b')).to.equal(undefined);
  });

  it('treats a lower value as a reset of that series only', () => {
    const increase = scrapeOf('a{m="x"} 2\na{m="y"} 8\n').increaseSince(scrapeOf('a{m="x"} 50\na{m="y"} 7\n'), ['a']);
    expect(increase.total('a')).to.equal(3);
  });

  it('treats a new series as one that started at zero', () => {
    expect(scrapeOf('a 4\n').increaseSince(scrapeOf(''), ['a']).total('a')).to.equal(4);
  });

  it('distinguishes label sets with similar texts', () => {
    const scrape = scrapeOf('a{x="1,y:2",y="3"} 1\na{x="1",y="2,y:3"} 2\n');
    expect(scrape.samples('a')).to.have.length(2);
  });
});

describe('identitiesOf', () => {
  it('returns every application of a scrape', () => {
    const { name } = catalog.systemInfo;
    const text = `${name}{version="1.0.0",app="shop"} 1\n${name}{version="1.1.0",app=""} 1\n`;
    expect(identitiesOf(new Scrape(parseExposition(text)))).to.deep.equal([
      { app: 'shop', version: '1.0.0' },
      { app: 'unnamed application', version: '1.1.0' },
    ]);
  });
});
