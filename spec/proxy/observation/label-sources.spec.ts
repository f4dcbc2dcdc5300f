import { expect } from 'chai';
import { ProxySettingsError } from '../../../lib/proxy/errors/proxy-errors.js';
import { checkLabels, labelProblem, type ProxyLabelSource } from '../../../lib/proxy/observation/label-sources.js';

describe('labelProblem', () => {
  const accepted: readonly (readonly [name: string, source: ProxyLabelSource])[] = [
    ['tenant', { header: 'X-Tenant' }],
    ['_a1', 'key'],
    ['provider', 'provider'],
    ['constructor', { value: 'prod eu/west=1' }],
    ['key', { header: 'x-key-name' }],
    ['route', { header: 'x-tokenizer' }],
  ];
  for (const [name, source] of accepted) {
    it(`accepts ${name} from ${JSON.stringify(source)}`, () => expect(labelProblem(name, source)).to.equal(undefined));
  }

  for (const name of ['', '1a', 'te-nant', 'a b', 'té', '__name__', '__x', 'a:b', 'a\n']) {
    it(`rejects the name ${JSON.stringify(name)}`, () =>
      expect(labelProblem(name, 'key')).to.match(/^expected a label name of letters, digits and underscores/));
  }

  for (const name of ['le', 'quantile', 'job', 'instance', 'model', 'graph', 'request_type', 'error_type']) {
    it(`rejects the used name ${name}`, () =>
      expect(labelProblem(name, 'key')).to.match(/^expected a label name that neither Prometheus nor/));
  }

  const secrets = [
    ...['Authorization', 'Proxy-Authorization', 'Cookie', 'Set-Cookie', 'X-Api-Key', 'api-key', 'X-Goog-Api-Key'],
    ...['apikey', 'X-Forwarded-Authorization', 'X-Auth-Token', 'X-Amz-Security-Token', 'X-Forwarded-Access-Token'],
    ...['X-Goog-Iap-Jwt-Assertion', 'X-Amzn-Oidc-Data', 'X-Amzn-Oidc-Accesstoken', 'X-Client-Secret', 'X-Password'],
    ...['Ocp-Apim-Subscription-Key', 'X-Hub-Signature', 'X-CSRF-Token', 'Cookie2', 'x-authorization-bearer'],
  ];
  it('rejects headers with secrets', () => {
    for (const header of secrets) {
      const problem = labelProblem('tenant', { header });
      expect(problem, header).to.match(/^expected a header without secrets, such as X-Tenant/);
    }
  });

  for (const header of ['', 'x tenant', 'x:tenant', 'x-ténant', 'x-tenant\r\n']) {
    it(`rejects the header name ${JSON.stringify(header)}`, () =>
      expect(labelProblem('tenant', { header })).to.equal('expected the name of a request header, such as X-Tenant'));
  }

  for (const value of ['', 'a\nb', 'a'.repeat(257)]) {
    it(`rejects the text ${JSON.stringify(value.slice(0, 5))} with ${value.length} characters`, () =>
      expect(labelProblem('env', { value })).to.match(/^expected a text of 1 to 256 characters/));
  }
});

describe('checkLabels', () => {
  it('accepts valid labels', () => {
    expect(() => checkLabels({})).to.not.throw();
    const labels = { tenant: { header: 'x-tenant' }, team: 'key', provider: 'provider' } as const;
    expect(() => checkLabels({ labels, labelValues: { tenant: ['a', 'b'] }, maxLabelValues: 3 })).to.not.throw();
  });

  const header = { header: 'x-tenant' };
  const refused: readonly (readonly [options: Parameters<typeof checkLabels>[0], message: string])[] = [
    [{ labels: { le: header } }, 'labels got "le" with "{\\"header\\":\\"x-tenant\\"}"; expected a label name that'],
    [{ labels: { a: 'kee' as 'key' } }, `labels got "a" with "\\"kee\\""; expected { header: 'x-tenant' }, {`],
    [{ labels: { a: null as unknown as 'key' } }, `labels got "a" with "null"; expected {`],
    [{ labels: { a: {} as unknown as 'key' } }, `labels got "a" with "{}"; expected {`],
    [{ labelValues: { tenant: ['a'] } }, 'labelValues got "tenant"; expected a label in labels with a header.'],
    [{ labels: { a: 'key' }, labelValues: { a: ['a'] } }, 'labelValues got "a"; expected a label in labels with'],
    [{ labelValues: { constructor: ['a'] } }, 'labelValues got "constructor"; expected a label in labels'],
    [{ labels: { a: header }, labelValues: { a: [''] } }, 'labelValues.a got ""; expected a text of 1 to 256'],
    [{ maxLabelValues: 0 }, 'maxLabelValues got 0; expected a whole number of at least 1.'],
    [{ maxLabelValues: 1.5 }, 'maxLabelValues got 1.5; expected a whole number of at least 1.'],
  ];
  for (const [options, message] of refused) {
    it(`rejects ${JSON.stringify(options)}`, () =>
      expect(() => checkLabels(options)).to.throw(ProxySettingsError, message));
  }
});
