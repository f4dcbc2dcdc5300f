import { expect } from 'chai';
import fc from 'fast-check';
import { ClientLabels } from '../../../../lib/core/server/client-labels/client-labels.js';
import { anyText } from '../../../support/hostile.js';

describe('ClientLabels', () => {
  const labels = new ClientLabels({
    labels: { tenant: { header: 'X-Tenant' }, team: 'key', env: { value: 'prod' }, provider: 'provider' },
  });
  const read = (headers: Record<string, string>, keyName?: string) => labels.read({ headers, keyName }, 'ollama');
  /** The label value of a header that contains these bytes. */
  const tenantOf = (bytes: string | Uint8Array) => read({ 'x-tenant': Buffer.from(bytes).toString('latin1') })[0];

  it('reads a header in any case, the name of the key, a fixed text and the API', () => {
    expect(labels.names).to.deep.equal(['tenant', 'team', 'env', 'provider']);
    expect(read({ 'x-tenant': 'acme' }, 'research')).to.deep.equal(['acme', 'research', 'prod', 'ollama']);
  });

  it('is empty without the header, and without a name of the key', () => {
    expect(read({})).to.deep.equal(['', '', 'prod', 'ollama']);
    expect(read({ 'x-tenant': '' })).to.deep.equal(['', '', 'prod', 'ollama']);
  });

  it('ignores names of object members that are not headers', () => {
    const members = new ClientLabels({ labels: { a: { header: 'constructor' }, b: { header: 'toString' } } });
    expect(members.read({ headers: {} }, 'ollama')).to.deep.equal(['', '']);
  });

  it('accepts labels with names of object members', () => {
    const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'];
    const members = new ClientLabels({
      labels: Object.fromEntries(names.map((name) => [name, { header: 'X-A' }])),
      labelValues: { toString: ['a'] },
    });
    const limited = (value: string) => members.limited(members.read({ headers: { 'x-a': value } }, ''));
    expect(limited('a')).to.deep.equal(['a', 'a', 'a', 'a', 'a']);
    expect(limited('b')).to.deep.equal(['b', 'other', 'b', 'b', 'b']);
  });

  it('does not count the value other as one of the values with their own series', () => {
    const limitedLabels = new ClientLabels({ labels: { tenant: { header: 'X-Tenant' } }, maxLabelValues: 1 });
    const limited = (value: string) =>
      limitedLabels.limited(limitedLabels.read({ headers: { 'x-tenant': value } }, ''));
    expect(['other', 'a\tb', 'acme', 'globex'].flatMap(limited)).to.deep.equal(['other', 'other', 'acme', 'other']);
  });

  it('decodes UTF-8, and keeps Latin-1', () => {
    expect(tenantOf('Müller')).to.equal('Müller');
    expect(tenantOf(Buffer.from('Müller', 'latin1'))).to.equal('Müller');
    expect(tenantOf('日本')).to.equal('日本');
  });

  it('is other for long values, and for values with control, format or separator characters', () => {
    expect(tenantOf('a'.repeat(256))).to.equal('a'.repeat(256));
    for (const value of ['a'.repeat(257), 'a\tb', 'a\u202eb', 'a\u200bb', 'a\u2028b', 'a\u0085b', '\ufeffa']) {
      expect(tenantOf(value), JSON.stringify(value)).to.equal('other');
    }
  });

  it('is a short, well-formed text without control characters for any bytes', () => {
    const bytes = fc.oneof(
      anyText.map((text) => Buffer.from(text)),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(bytes, (value) => {
        const tenant = tenantOf(value) ?? '';
        expect(tenant.length).to.be.at.most(256);
        expect(tenant.isWellFormed()).to.equal(true);
        expect(tenant).to.not.match(/\p{Cc}/u);
        expect(tenant === '').to.equal(value.length === 0);
      }),
    );
  });
});
