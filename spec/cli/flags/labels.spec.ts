import { expect } from 'chai';
import fc from 'fast-check';
import { CommandArguments } from '../../../cli/command/command-arguments.js';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { readLabels } from '../../../cli/flags/labels.js';

describe('readLabels', () => {
  const read = (...labels: readonly string[]): ReturnType<typeof readLabels> =>
    readLabels(new CommandArguments('run', { _: ['run'], ...(labels.length > 0 && { label: labels }) }));

  it('reads labels with and without values, in order', () => {
    expect(read()).to.deep.equal({ names: [], values: {} });
    expect(read('tenant=acme', 'provider', 'env=value:prod')).to.deep.equal({
      names: ['tenant', 'provider', 'env'],
      values: { tenant: 'acme', env: 'prod' },
    });
  });

  it('keeps everything after the first equals sign, and after the prefix value:', () => {
    expect(read('a=b=c', 'd= e ', 'f=value:header:x', 'g=value:key', 'h=keys').values).to.deep.equal({
      ...{ a: 'b=c', d: ' e ', f: 'header:x', g: 'key', h: 'keys' },
    });
  });

  it('accepts every text without control characters after value:', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(value, (text) => {
        fc.pre(text.length <= 256 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text));
        expect(read(`tenant=value:${text}`).values).to.deep.equal({ tenant: text });
      }),
    );
  });

  it('reads or rejects any text with one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
        for (const given of [name, `${name}=${value}`, `tenant=${value}`]) {
          try {
            const { names, values } = read(given);
            expect(names).to.have.length(1);
            expect(names).to.include.members(Object.keys(values));
          } catch (error) {
            expect(error).to.be.instanceOf(UsageError);
            expect((error as Error).message).to.match(/^--label [^\r\n]*\.$/);
          }
        }
      }),
    );
  });

  const refused: readonly (readonly [labels: readonly string[], message: string])[] = [
    [[' '], '--label got an empty value; expected NAME=VALUE, such as tenant=acme, or NAME.'],
    [['=acme'], '--label contains ""; expected letters, digits and _'],
    [['1st=a'], '--label contains "1st"; expected letters, digits and _'],
    [['__name__=a'], '--label contains "__name__"; expected letters, digits and _'],
    [['le=1'], '--label contains "le", which is reserved for buckets of histograms; choose another name.'],
    [['instance=a'], '--label contains "instance", which Prometheus sets itself; choose another name.'],
    [['model=a'], '--label contains "model", which is a label of tinyllm_'],
    [['request_type'], '--label contains "request_type", which is a label of tinyllm_'],
    [['tenant=a', 'tenant=b'], '--label got "tenant" twice; give each label once.'],
    [['tenant=a', 'tenant'], '--label got "tenant" twice; give each label once.'],
    [['tenant='], '--label got "tenant="; expected a text of 1 to 256 characters without control characters after'],
    [['tenant=value:'], '--label got "tenant=value:"; expected a text of 1 to 256 characters'],
    [['tenant=a\nb'], '--label got "tenant=a\\nb"; expected a text of 1 to 256 characters without control characters'],
    [[`tenant=${'a'.repeat(257)}`], 'expected a text of 1 to 256 characters without control characters'],
    [
      ['tenant=header:X-Tenant'],
      '--label got "tenant=header:X-Tenant", but only serve and proxy have request headers; for this text as the value, write value:header:X-Tenant.',
    ],
    [
      ['team=key'],
      '--label got "team=key", but only serve and proxy have API keys; for this text as the value, write value:key.',
    ],
    [
      Array.from({ length: 17 }, (_, index) => `label${index}=a`),
      '--label was given 17 times; expected at most 16 labels.',
    ],
  ];
  for (const [labels, message] of refused) {
    it(`rejects ${JSON.stringify(labels).slice(0, 60)}`, () => {
      expect(() => read(...labels)).to.throw(UsageError, message);
    });
  }
});
