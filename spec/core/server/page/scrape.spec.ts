import { expect } from 'chai';
import { catalog } from '../../../../lib/core/catalog/catalog.js';
import { parseExposition } from '../../../../lib/core/server/page/parse-exposition.js';
import { identitiesOf, Scrape } from '../../../../lib/core/server/page/scrape.js';

describe('a scrape of the page', () => {
  const scrapeOf = (text: string) => new Scrape(parseExposition(text));

  it('sums the series of a metric, over all and by a label', () => {
    const scrape = scrapeOf('a{m="x",g="1"} 1\na{m="x",g="2"} 2\na{m="y",g="1"} 4\n');
    expect(scrape.total('a')).to.equal(7);
    expect(scrape.total('b')).to.equal(undefined);
    expect([...scrape.totalsBy('a', 'm')]).to.deep.equal([
      ['x', 3],
      ['y', 4],
    ]);
  });

  it('knows how much a counter grew', () => {
    const grown = scrapeOf('a{m="x"} 5\na{m="y"} 3\nb 9\n').growthSince(scrapeOf('a{m="x"} 2\na{m="y"} 3\n'), ['a']);
    expect([...grown.totalsBy('a', 'm')]).to.deep.equal([
      ['x', 3],
      ['y', 0],
    ]);
    expect(grown.total('b')).to.equal(undefined);
  });

  it('takes a number that went down for a new beginning, of its own series alone', () => {
    const grown = scrapeOf('a{m="x"} 2\na{m="y"} 8\n').growthSince(scrapeOf('a{m="x"} 50\na{m="y"} 7\n'), ['a']);
    expect(grown.total('a')).to.equal(3);
  });

  it('takes a series that was not there as one that began at zero', () => {
    expect(scrapeOf('a 4\n').growthSince(scrapeOf(''), ['a']).total('a')).to.equal(4);
  });

  it('tells label sets apart whose texts run into each other', () => {
    const scrape = scrapeOf('a{x="1,y:2",y="3"} 1\na{x="1",y="2,y:3"} 2\n');
    expect(scrape.samples('a')).to.have.length(2);
  });
});

describe('identitiesOf', () => {
  it('tells every application that a target speaks for', () => {
    const { name } = catalog.systemInfo;
    const text = `${name}{version="1.0.0",app="shop"} 1\n${name}{version="1.1.0",app=""} 1\n`;
    expect(identitiesOf(new Scrape(parseExposition(text)))).to.deep.equal([
      { app: 'shop', version: '1.0.0' },
      { app: 'an application without a name', version: '1.1.0' },
    ]);
  });
});
