import { expect } from 'chai';
import { CommandArguments } from '../../../cli/command/command-arguments.js';
import { UsageError } from '../../../cli/errors/usage-error.js';
import {
  type ModelServerOptions,
  modelServerFlags,
  ollamaServerFlags,
  readModelServer,
  readOllamaServer,
} from '../../../cli/flags/model-server.js';

const given = (values: Record<string, unknown>): CommandArguments => new CommandArguments('models list', values);

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
    [{ host: 'a', 'base-url': 'http://a' }, /give only one of them/],
    [{ host: 'a', provider: 'openai' }, /with --provider openai, use --base-url/],
    [{ 'base-url': 'localhost:8080' }, /--base-url got "localhost:8080"; expected an http/],
    [{ 'base-url': 'ftp://me:secret@host' }, /got "ftp:\/\/\*\*\*@host"/],
  ];
  for (const [values, message] of refused) {
    it(`rejects ${JSON.stringify(values)}`, () => {
      expect(() => readModelServer(given(values))).to.throw(UsageError, message);
    });
  }
});

describe('readOllamaServer', () => {
  it('rejects other providers for commands of Ollama', () => {
    expect(() => readOllamaServer(given({ provider: 'openai' }), 'downloads models')).to.throw(
      UsageError,
      'only Ollama downloads models; expected --provider ollama.',
    );
  });
});

describe('ollamaServerFlags', () => {
  it('has the same flags as modelServerFlags, and offers only ollama as provider', () => {
    expect(Object.keys(ollamaServerFlags)).to.have.members(Object.keys(modelServerFlags));
    expect(ollamaServerFlags.provider.accepts).to.deep.equal(['ollama']);
  });
});
