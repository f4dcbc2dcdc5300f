import { expect } from 'chai';
import {
  type ClientLabelSource,
  clientLabelsProblem,
  labelSourceProblem,
} from '../../../../lib/core/server/client-labels/label-sources.js';

describe('labelSourceProblem', () => {
  const accepted: readonly ClientLabelSource[] = [
    { header: 'X-Tenant' },
    'key',
    'provider',
    { value: 'prod eu/west=1' },
    { header: 'x-key-name' },
    { header: 'x-tokenizer' },
    ...['X-Author', 'X-Authority-Region', 'X-Auth-Request-User', 'X-Authenticated-User', 'X-Session-Region'].map(
      (header) => ({ header }),
    ),
    ...['X-Keyboard', 'X-Monkey', 'X-Forwarded-For', 'x_tenant', 'X-Bearer2-Zone'].map((header) => ({ header })),
  ];
  for (const source of accepted) {
    it(`accepts ${JSON.stringify(source)}`, () => expect(labelSourceProblem(source)).to.equal(undefined));
  }

  const secrets = [
    ...['Authorization', 'Proxy-Authorization', 'Cookie', 'Set-Cookie', 'X-Api-Key', 'api-key', 'X-Goog-Api-Key'],
    ...['apikey', 'X-Forwarded-Authorization', 'X-Auth-Token', 'X-Amz-Security-Token', 'X-Forwarded-Access-Token'],
    ...['X-Goog-Iap-Jwt-Assertion', 'X-Amzn-Oidc-Data', 'X-Amzn-Oidc-Accesstoken', 'X-Client-Secret', 'X-Password'],
    ...['Ocp-Apim-Subscription-Key', 'X-Hub-Signature', 'X-CSRF-Token', 'Cookie2', 'x-authorization-bearer'],
    ...['api_key', 'x_api_key', 'access_token', 'X-AuthToken', 'X-SessionToken', 'X-Session-Id', 'X-SessionId'],
    ...['X-Auth', 'X-Authentication', 'X-Bearer', 'X-Api-Keys', 'idtoken', 'id.token', 'set_cookie', 'X-ClientSecret'],
  ];
  it('rejects headers with secrets', () => {
    for (const header of secrets) {
      const problem = labelSourceProblem({ header });
      expect(problem, header).to.match(/^expected a header without secrets, such as X-Tenant/);
    }
  });

  for (const header of ['', 'x tenant', 'x:tenant', 'x-ténant', 'x-tenant\r\n']) {
    it(`rejects the header name ${JSON.stringify(header)}`, () =>
      expect(labelSourceProblem({ header })).to.equal('expected the name of a request header, such as X-Tenant'));
  }

  for (const value of ['', 'a\nb', 'a'.repeat(257)]) {
    it(`rejects the text ${JSON.stringify(value.slice(0, 5))} with ${value.length} characters`, () =>
      expect(labelSourceProblem({ value })).to.match(/^expected a text of 1 to 256 characters/));
  }
});

describe('clientLabelsProblem', () => {
  it('accepts valid labels', () => {
    expect(clientLabelsProblem({})).to.equal(undefined);
    const labels = { tenant: { header: 'x-tenant' }, team: 'key', provider: 'provider' } as const;
    expect(clientLabelsProblem({ labels, labelValues: { tenant: ['a', 'b'] }, maxLabelValues: 3 })).to.equal(undefined);
  });

  const header = { header: 'x-tenant' };
  const refused: readonly (readonly [options: Parameters<typeof clientLabelsProblem>[0], message: string])[] = [
    [
      { labels: { le: header } },
      'labels contains "le", which is reserved for buckets of histograms; choose another name.',
    ],
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
    it(`rejects ${JSON.stringify(options)}`, () => expect(clientLabelsProblem(options)).to.contain(message));
  }
});
