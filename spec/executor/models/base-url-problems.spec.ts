import { expect } from 'chai';
import { baseUrlProblems } from '../../../lib/executor/models/base-url-problems.js';
import type { ModelSettings } from '../../../lib/executor/models/model-settings.js';

const problemsOf = (settings: ModelSettings): readonly string[] =>
  [...baseUrlProblems({ one: settings })].map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('baseUrlProblems', () => {
  it('accepts valid addresses', () => {
    for (const settings of [
      {},
      { base_url: 'http://127.0.0.1:8080' },
      { provider: 'openai', base_url: 'https://host/v1' },
      { provider: 'ollama', base_url: 'host:11434' },
    ]) {
      expect(problemsOf(settings)).to.deep.equal([]);
    }
  });

  it('reports the value received and the expected format, without a password', () => {
    expect(problemsOf({ base_url: 'ftp://me:hunter2@host' })).to.deep.equal([
      'one.base_url: base_url is "ftp://***@host"; expected an http:// or https:// URL such as http://127.0.0.1:8080/v1.',
    ]);
    expect(problemsOf({ provider: 'ollama', base_url: 'gopher://host' })).to.deep.equal([
      'one.base_url: base_url is "gopher://host"; expected a host, host:port or URL such as http://127.0.0.1:11434.',
    ]);
  });

  it('rejects an address for a provider without a server', () => {
    expect(problemsOf({ provider: 'embedded', base_url: 'http://host' })).to.deep.equal([
      'one.base_url: base_url is not supported by the provider embedded, which has no server; expected provider openai or ollama.',
    ]);
  });
});
