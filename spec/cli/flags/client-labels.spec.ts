import { expect } from 'chai';
import { CommandArguments } from '../../../cli/command/command-arguments.js';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { readClientLabels } from '../../../cli/flags/client-labels.js';

describe('readClientLabels', () => {
  const read = (values: Readonly<Record<string, unknown>>) => readClientLabels(new CommandArguments('proxy', values));

  const tenant = 'tenant=header:X-Tenant';

  it('reads labels from headers, keys, texts and the API', () => {
    const label = ['tenant=header:X-Tenant', 'team=key', 'env=value:a=b:c', 'provider', 'api=provider'];
    expect(read({ label, 'api-keys-file': 'keys' })).to.deep.equal({
      labels: {
        tenant: { header: 'X-Tenant' },
        team: 'key',
        env: { value: 'a=b:c' },
        provider: 'provider',
        api: 'provider',
      },
      labelValues: {},
      maxLabelValues: undefined,
    });
    expect(read({}).labels).to.deep.equal({});
  });

  it('reads the values of labels from headers', () => {
    const label = ['tenant=header:X-Tenant', 'constructor=header:X-Class'];
    const { labelValues, maxLabelValues } = read({
      label,
      'label-values': ['tenant=acme, globex', 'tenant=a=b'],
      'max-label-values': '7',
    });
    expect(labelValues).to.deep.equal({ tenant: ['acme', 'globex', 'a=b'] });
    for (const name of ['constructor', 'toString']) {
      const values = { label: [tenant], 'label-values': `${name}=a` };
      expect(() => read(values)).to.throw(UsageError, `so add --label ${name}=header:HEADER.`);
    }
    expect(maxLabelValues).to.equal(7);
  });

  const syntax = 'expected NAME=header:HEADER, NAME=key, NAME=value:TEXT, NAME=provider or provider.';
  const refused: readonly (readonly [values: Readonly<Record<string, unknown>>, message: string])[] = [
    [{ label: 'tenant' }, `--label got "tenant"; ${syntax}`],
    [{ label: '' }, `--label got an empty value; ${syntax}`],
    [{ label: 'tenant=head:X' }, `--label got "tenant=head:X"; ${syntax}`],
    [{ label: 'tenant=Key' }, `--label got "tenant=Key"; ${syntax}`],
    [
      { label: 'tenant=header:' },
      '--label got "tenant=header:"; expected the name of a request header, such as X-Tenant.',
    ],
    [
      { label: 'te-nant=provider' },
      '--label contains "te-nant"; expected letters, digits and _, not starting with a digit or __.',
    ],
    [
      { label: 'model=value:a' },
      '--label contains "model", which is a label of tinyllm_requests_total; choose another name.',
    ],
    [
      { label: 'tenant=header:Authorization' },
      '--label got "tenant=header:Authorization"; expected a header without secrets, such as X-Tenant, because everyone who reads the metrics sees its values.',
    ],
    [
      { label: 'env=value:' },
      '--label got "env=value:"; expected a text of 1 to 256 characters without control characters.',
    ],
    [{ label: [tenant, 'tenant=value:a'] }, '--label got "tenant" twice; expected each label once.'],
    [
      { label: 'team=key' },
      '--label got "team=key"; expected API keys with names, so add --api-keys-file, or use another source.',
    ],
    [
      { 'label-values': 'tenant=acme' },
      '--label-values got "tenant=acme"; expected a label from a header, so add --label tenant=header:HEADER.',
    ],
    [
      { label: 'env=value:a', 'label-values': 'env=acme' },
      '--label-values got "env=acme"; expected a label from a header, so add --label env=header:HEADER.',
    ],
    ...['tenant', 'tenant=', 'tenant=a,,b', '=a', 'tenant=a\tb'].map(
      (given) =>
        [
          { label: tenant, 'label-values': given },
          `--label-values got ${JSON.stringify(given)}; expected NAME=VALUE,VALUE, such as tenant=acme,globex.`,
        ] as const,
    ),
    [
      { label: tenant, 'label-values': 'tenant=a', 'max-label-values': '5' },
      '--max-label-values works only for labels from headers without --label-values; add --label tenant=header:X-Tenant.',
    ],
    [
      { label: Array.from({ length: 17 }, (_, index) => `label${index}=value:a`) },
      '--label was given 17 times; expected at most 16 labels.',
    ],
    [{ 'max-label-values': '0' }, '--max-label-values got "0"; expected a whole number from 1 to 1000000.'],
  ];
  for (const [values, message] of refused) {
    it(`rejects ${JSON.stringify(values)}`, () => expect(() => read(values)).to.throw(UsageError, message));
  }
});
