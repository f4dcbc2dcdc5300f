import { expect } from 'chai';
import { catalog } from '../../../../lib/core/catalog/catalog.js';
import { identitiesOf } from '../../../../lib/core/server/page/identity.js';
import { parseExposition } from '../../../../lib/core/server/page/parse-exposition.js';
import { Scrape } from '../../../../lib/core/server/page/scrape.js';

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
