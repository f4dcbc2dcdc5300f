import { expect } from 'chai';
import { shownAddress } from '../../../lib/core/yaml/shown-address.js';

describe('shownAddress', () => {
  for (const [text, shown] of [
    ['', '""'],
    ['localhost:8080', '"localhost:8080"'],
    ['http://host/v1', '"http://host/v1"'],
    ['ftp://me:secret@host/v1', '"ftp://***@host/v1"'],
    ['me:secret@host', '"***@host"'],
    ['http://me:sec/r@et secret@host', '"http://***@host"'],
    ['http://host/v1?key=secret', '"http://host/v1?***"'],
  ] as const) {
    it(`shows ${JSON.stringify(text)} as ${shown}`, () => expect(shownAddress(text)).to.equal(shown));
  }
});
