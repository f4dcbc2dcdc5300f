import { expect } from 'chai';
import { Given } from '../../../cli/command/given.js';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { type ModelServerOptions, readModelServer, readOllamaServer } from '../../../cli/flags/model-server.js';

const given = (values: Record<string, unknown>): Given => new Given('models list', values);

describe('readModelServer', () => {
  const read: readonly (readonly [values: Record<string, string>, options: ModelServerOptions])[] = [
    [{}, { provider: 'ollama', address: undefined }],
    [{ provider: 'openai' }, { provider: 'openai', address: undefined }],
    [{ host: '127.0.0.1' }, { provider: 'ollama', address: '127.0.0.1' }],
    [{ 'base-url': 'http://a/v1' }, { provider: 'openai', address: 'http://a/v1' }],
    [
      { 'base-url': 'a:1', provider: 'ollama' },
      { provider: 'ollama', address: 'a:1' },
    ],
  ];
  for (const [values, options] of read) {
    it(`reads ${JSON.stringify(values)}`, () => {
      expect(readModelServer(given(values))).to.deep.equal(options);
    });
  }

  const refused: readonly (readonly [values: Record<string, string>, message: RegExp])[] = [
    [{ provider: 'embedded' }, /expected one of ollama, openai/],
    [{ host: 'a', 'base-url': 'http://a' }, /give one of them/],
    [{ host: 'a', provider: 'openai' }, /expected --base-url/],
    [{ 'base-url': 'localhost:8080' }, /--base-url got "localhost:8080"; expected an http/],
    [{ 'base-url': 'ftp://me:secret@host' }, /got "ftp:\/\/\*\*\*@host"/],
  ];
  for (const [values, message] of refused) {
    it(`refuses ${JSON.stringify(values)}`, () => {
      expect(() => readModelServer(given(values))).to.throw(UsageError, message);
    });
  }
});

describe('readOllamaServer', () => {
  it('refuses what only Ollama does', () => {
    expect(() => readOllamaServer(given({ provider: 'openai' }), 'pulls models')).to.throw(
      UsageError,
      'only Ollama pulls models; expected --provider ollama.',
    );
  });
});
