import { expect } from 'chai';
import { quote, shownAddress } from '../../../lib/core/yaml/quote.js';

describe('quote', () => {
  it('writes a text on one line, and truncates a long one', () => {
    expect(quote('a\nb')).to.equal('"a\\nb"');
    expect(quote('k'.repeat(60))).to.equal(`"${'k'.repeat(60)}"`);
    expect(quote('k'.repeat(61))).to.equal(`"${'k'.repeat(59)}…"`);
  });

  it('hides the user and password of a URL, even if the text is truncated', () => {
    expect(quote('redis://me:sec/r@et@host:1')).to.equal('"redis://***@host:1"');
    expect(quote(`${'k'.repeat(40)} redis://:${'secret'.repeat(9)}@host`)).to.equal(
      `"${'k'.repeat(40)} redis://***@host"`,
    );
    expect(quote('mail bob@host // at once')).to.equal('"mail bob@host // at once"');
  });

  it('hides users in each word of a text, up to the last @', () => {
    expect(quote('a://b@c@d e://f@g')).to.equal('"a://***@d e://***@g"');
    expect(quote('@a://b x://@')).to.equal('"@a://b x://***@"');
  });
});

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
