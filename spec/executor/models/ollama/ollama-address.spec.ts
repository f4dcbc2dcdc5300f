import { expect } from 'chai';
import fc from 'fast-check';
import { ModelUnavailableError } from '../../../../lib/core/errors/model-errors.js';
import { ollamaAddress } from '../../../../lib/executor/models/ollama/ollama-address.js';

const urls: Readonly<Record<string, string>> = {
  '': 'http://127.0.0.1:11434',
  '127.0.0.1': 'http://127.0.0.1:11434',
  'example.com': 'http://example.com:11434',
  'example.com:1234': 'http://example.com:1234',
  'example.com/proxy/': 'http://example.com:11434/proxy',
  ':1234': 'http://127.0.0.1:1234',
  '0.0.0.0': 'http://127.0.0.1:11434',
  '0.0.0.0:1234': 'http://127.0.0.1:1234',
  'http://example.com': 'http://example.com',
  'HTTP://example.com:1234/': 'http://example.com:1234',
  'https://example.com/ollama': 'https://example.com/ollama',
  '::1': 'http://[::1]:11434',
  '[::1]:1234': 'http://[::1]:1234',
  '::': 'http://[::1]:11434',
  ' "127.0.0.1:1234" ': 'http://127.0.0.1:1234',
};

describe('ollamaAddress', () => {
  for (const [given, url] of Object.entries(urls)) {
    it(`${JSON.stringify(given)} -> ${url}`, () => {
      expect(ollamaAddress(given)).to.deep.equal({ url, headers: {} });
    });
  }

  it('puts user and password only into a header', () => {
    expect(ollamaAddress('https://me:s%40cret@example.com')).to.deep.equal({
      url: 'https://example.com',
      headers: { Authorization: `Basic ${btoa('me:s@cret')}` },
    });
  });

  for (const given of ['ftp://example.com', 'host:99999', 'host:port', 'a b', 'http://user:secret@host:99999']) {
    it(`rejects ${given}`, () => {
      expect(() => ollamaAddress(given))
        .to.throw(ModelUnavailableError, /^The address of Ollama is ".*"; expected a host, host:port/)
        .with.property('message')
        .that.does.not.include('secret');
    });
  }

  it('returns a valid URL or throws for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab1:/.@[]%?# "é') }), (given) => {
        try {
          expect(URL.canParse(ollamaAddress(given).url)).to.equal(true);
        } catch (error) {
          expect(error).to.be.instanceOf(ModelUnavailableError);
        }
      }),
    );
  });
});
