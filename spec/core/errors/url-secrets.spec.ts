import { expect } from 'chai';
import fc from 'fast-check';
import { shownUrl, withoutUrlSecrets } from '../../../lib/core/errors/url-secrets.js';

describe('shownUrl', () => {
  const cases: readonly [text: string, shown: string][] = [
    ['http://host:1/v1', 'http://host:1/v1'],
    ['http://me:secret@host/v1', 'http://***@host/v1'],
    ['me:secret@host', '***@host'],
    ['http://me:sec/r@et x@host', 'http://***@host'],
    ['http://host/v1?key=secret', 'http://host/v1?***'],
    ['host/v1?key=secret', 'host/v1?***'],
    ['http://host/#secret', 'http://host/#***'],
    ['http://me:sec?ret@host', 'http://***'],
    ['http://host/?key=sec@ret', 'http://***'],
    ['http://', 'http://'],
    ['', ''],
  ];
  for (const [text, shown] of cases) {
    it(`shows ${JSON.stringify(text)} as ${shown}`, () => expect(shownUrl(text)).to.equal(shown));
  }

  it('hides a secret in any position', () => {
    const noise = fc.string({ maxLength: 8 });
    const places = fc.constantFrom(
      (secret: string) => `http://me:${secret}@host`,
      (secret: string) => `redis://:${secret}@host:1/0`,
      (secret: string) => `me:${secret}@host`,
      (secret: string) => `https://host/path?key=${secret}`,
    );
    fc.assert(
      fc.property(places, noise, noise, (place, before, after) => {
        expect(shownUrl(place(`${before}hunter2${after}`))).to.not.include('hunter2');
      }),
    );
  });
});

describe('withoutUrlSecrets', () => {
  const cases: readonly [text: string, shown: string][] = [
    ['nothing to hide, me@host?', 'nothing to hide, me@host?'],
    ['got "http://me:secret@host"; expected more.', 'got "http://***@host"; expected more.'],
    ['no http://host/?key=secret.', 'no http://host/?***.'],
    ['is it http://host?', 'is it http://host?'],
    ['(redis://:a@b:1, http://c:d@e/)', '(redis://***@b:1, http://***@e/)'],
    ['http://host/?key=sec@ret', 'http://***'],
    ["input: 'http://me:sec?ret@host'\n", "input: 'http://***\n"],
  ];
  for (const [text, shown] of cases) {
    it(`shows ${JSON.stringify(text)} as ${JSON.stringify(shown)}`, () =>
      expect(withoutUrlSecrets(text)).to.equal(shown));
  }

  it('takes linear time for a long text', () => {
    const text = 'a://'.repeat(2 ** 20);
    expect(withoutUrlSecrets(text)).to.equal(text);
    expect(withoutUrlSecrets(`${text}@b`)).to.equal('a://***@b');
    const spaces = ' '.repeat(2 ** 20);
    expect(withoutUrlSecrets(`${spaces}a://b@c${spaces}`)).to.equal(`${spaces}a://***@c${spaces}`);
  });
});
