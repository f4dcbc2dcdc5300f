import { expect } from 'chai';
import { ModelAccessError, ModelUnavailableError } from '../../../../lib/core/errors/model-errors.js';
import { openaiAddress, openaiKey } from '../../../../lib/executor/models/openai/openai-address.js';

describe('openaiAddress', () => {
  const read: Readonly<Record<string, string>> = {
    '': 'https://api.openai.com/v1',
    'http://127.0.0.1:8080': 'http://127.0.0.1:8080/v1',
    'http://127.0.0.1:8080/': 'http://127.0.0.1:8080/v1',
    ' http://127.0.0.1:8080/v1/ ': 'http://127.0.0.1:8080/v1',
    'https://host.example/openai/deployments/x': 'https://host.example/openai/deployments/x',
    'http://[::1]:8080': 'http://[::1]:8080/v1',
    'http://me:secret@127.0.0.1:8080/v1': 'http://127.0.0.1:8080/v1',
  };
  for (const [given, url] of Object.entries(read)) {
    it(`parses ${JSON.stringify(given)} as ${url}`, () => {
      expect(openaiAddress(given).url).to.equal(url);
    });
  }

  it('puts user and password only into a header', () => {
    expect(openaiAddress('http://me:a%3Ab@host').headers).to.deep.equal({ Authorization: `Basic ${btoa('me:a:b')}` });
    expect(openaiAddress('http://host').headers).to.deep.equal({});
  });

  for (const given of ['localhost:8080', '127.0.0.1:8080', 'ftp://host', 'http://host/v1?key=1', 'http://', 'v1']) {
    it(`rejects ${JSON.stringify(given)}`, () => {
      expect(() => openaiAddress(given)).to.throw(ModelUnavailableError, /expected an http:\/\/ or https:\/\/ URL/);
    });
  }

  for (const given of [
    'ftp://me:secret@host',
    'me:secret@host',
    'http://me:sec/secret@host:x',
    'http://h?key=secret',
  ]) {
    it(`does not show the secret of ${given}`, () => {
      expect(() => openaiAddress(given))
        .to.throw(ModelUnavailableError)
        .with.property('message')
        .that.does.not.include('secret');
    });
  }
});

describe('openaiKey', () => {
  it('removes white space around a key', () => {
    expect(['sk-1', ' sk-1\n', '', ' ', undefined].map((key) => openaiKey(key))).to.deep.equal([
      ...['sk-1', 'sk-1', undefined, undefined, undefined],
    ]);
  });

  it('rejects keys with characters that a header cannot contain', () => {
    for (const key of ['a b', 'a\nb', 'schlüssel']) {
      expect(() => openaiKey(key)).to.throw(ModelAccessError);
    }
  });
});
