import { expect } from 'chai';
import fc from 'fast-check';
import { parseBuckets } from '../../../lib/core/collector/parse-buckets.js';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';

describe('parseBuckets', () => {
  const latency = 'tinyllm_request_latency_seconds';
  const nodes = 'tinyllm_node_execution_duration_seconds';
  const parse = (...texts: readonly string[]): ReturnType<typeof parseBuckets> => parseBuckets(texts, '--buckets');

  it('parses histograms of several texts, and of one text with semicolons', () => {
    const expected = { [latency]: [0.1, 1, 10, 120], [nodes]: [1, 10] };
    expect(parse(`${latency}=.1,1,10,120`, `${nodes}=1,10`)).to.deep.equal(expected);
    expect(parse(`${latency}=.1,1,10,120;${nodes}=1,10`)).to.deep.equal(expected);
  });

  it('accepts exponents, signs, and spaces around names, numbers and semicolons', () => {
    expect(parse(`  ${latency} = 0 , 1e-3,\t2.5 ,+3.,1E2 ;\n ${nodes}= -1 , .5 ; `)).to.deep.equal({
      [latency]: [0, 0.001, 2.5, 3, 100],
      [nodes]: [-1, 0.5],
    });
  });

  it('returns nothing for empty texts', () => {
    for (const text of ['', ' ', ';', ' ; ;\n']) expect(parse(text)).to.deep.equal({});
  });

  it('returns the bounds of any list of ascending numbers', () => {
    const numbers = fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      comparator: (left, right) => left === right,
    });
    fc.assert(
      fc.property(numbers, (unsorted) => {
        const bounds = unsorted.map((bound) => bound + 0).sort((left, right) => left - right);
        expect(parse(`${latency}=${bounds.join(', ')}`)).to.deep.equal({ [latency]: bounds });
      }),
    );
  });

  it('throws one line for any other text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          parse(text, `${latency}=${text}`);
        } catch (error) {
          expect(error).to.be.instanceOf(MetricsConfigurationError);
          expect((error as Error).message).to.match(/^--buckets got [^\r\n]*\.$/);
        }
      }),
    );
  });

  const refused: readonly (readonly [text: string, message: string])[] = [
    [latency, `got "${latency}"; expected a metric and its buckets, such as ${latency}=.1,1,10.`],
    ['=1', 'got an empty name; expected a histogram of TinyLLM. Expected one of tinyllm_request_latency_seconds, '],
    [
      'tinyllm_request_latency_second=1',
      `got the metric "tinyllm_request_latency_second"; expected a histogram of TinyLLM. Did you mean "${latency}"?`,
    ],
    ['toString=1', 'got the metric "toString"; expected a histogram of TinyLLM. Expected one of'],
    ['tinyllm_requests_total=1', 'got tinyllm_requests_total, which is a counter; only histograms have buckets.'],
    [`${latency}=`, `got an empty bucket for ${latency}; expected finite numbers without +Inf, such as .1,1,10.`],
    [`${latency}=1,,2`, `got an empty bucket for ${latency}`],
    [`${latency}=1,2,`, `got an empty bucket for ${latency}`],
    [`${latency}=1,two`, `got the bucket "two" for ${latency}`],
    [`${latency}=1,NaN`, `got the bucket "NaN" for ${latency}`],
    [`${latency}=1,+Inf`, `got the bucket "+Inf" for ${latency}`],
    [`${latency}=0x10`, `got the bucket "0x10" for ${latency}`],
    [`${latency}=1e999`, `got the bucket "1e999" for ${latency}`],
    [`${latency}=1 2`, `got the bucket "1 2" for ${latency}`],
    [`${latency}=1=2`, `got the bucket "1=2" for ${latency}`],
    [`${latency}=2,1`, `got the buckets 2,1 for ${latency}; expected each above the one before.`],
    [`${latency}=1,1.0`, `got the buckets 1,1 for ${latency}; expected each above the one before.`],
    [`${latency}=1;${latency}=2`, `got ${latency} twice; give each metric once.`],
    [
      `${latency}=${Array.from({ length: 1001 }, (_, index) => index).join()}`,
      `got 1001 buckets for ${latency}; expected at most 1000.`,
    ],
  ];
  for (const [text, message] of refused) {
    it(`rejects ${JSON.stringify(text.slice(0, 80))}`, () => {
      expect(() => parse(text)).to.throw(MetricsConfigurationError, `--buckets ${message}`);
    });
  }
});
