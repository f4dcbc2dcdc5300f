import { expect } from 'chai';
import fc from 'fast-check';
import { parseNativeHistograms } from '../../../lib/core/collector/parse-native-histograms.js';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { nativeConfiguration } from '../../../lib/core/metrics/native/native-configuration.js';

describe('parseNativeHistograms', () => {
  const latency = 'tinyllm_request_latency_seconds';
  const nodes = 'tinyllm_node_execution_duration_seconds';
  const scrape = 'tinyllm_scrape_duration_seconds';
  const parse = (...texts: readonly string[]) => parseNativeHistograms(texts, '--native-histograms');

  it('parses a choice for all histograms', () => {
    for (const text of ['on', 'true', 'ON', ' True ', 'yes', 'Yes', '1']) expect(parse(text), text).to.equal(true);
    for (const text of ['off', 'false', 'Off', 'no', 'NO', '0']) expect(parse(text), text).to.equal(false);
    expect(parse('factor=1.05')).to.deep.equal({ factor: 1.05 });
    expect(parse(' max-buckets = 320 , zero-threshold = 1e-6,factor=+1.2 ')).to.deep.equal({
      ...{ maxBuckets: 320, zeroThreshold: 1e-6, factor: 1.2 },
    });
  });

  it('parses choices for single histograms. Others are then not native without a choice for all', () => {
    expect(parse(`${latency}:factor=1.05`)).to.deep.equal({ default: false, [latency]: { factor: 1.05 } });
    const expected = { default: true, [latency]: false, [nodes]: { maxBuckets: 80 } };
    expect(parse(`on; ${latency} : off ;${nodes}:max-buckets=80`)).to.deep.equal(expected);
    expect(parse(`${latency}:off`, 'on', `${nodes}:max-buckets=80`)).to.deep.equal(expected);
    expect(parse(`on;${scrape}:off`)).to.deep.equal({ default: true, [scrape]: false });
  });

  it('returns nothing for empty texts', () => {
    for (const text of ['', ' ', ';', ' ; ;\n']) expect(parse(text)).to.equal(undefined);
    expect(parse()).to.equal(undefined);
  });

  it('returns any valid options', () => {
    const options = fc.record(
      {
        factor: fc.double({ min: 1, minExcluded: true, max: 1e6, noNaN: true }),
        maxBuckets: fc.integer({ min: 8, max: 1e9 }),
        zeroThreshold: fc.double({ min: 0, max: 1e9, noNaN: true }),
      },
      { requiredKeys: ['factor'] },
    );
    const names: Readonly<Record<string, string>> = {
      ...{ factor: 'factor', maxBuckets: 'max-buckets', zeroThreshold: 'zero-threshold' },
    };
    fc.assert(
      fc.property(options, (given) => {
        const text = Object.entries(given).map(([name, value]) => `${names[name]}=${value}`);
        const parsed = parse(text.join(','));
        expect(parsed).to.deep.equal(given);
        expect(() => nativeConfiguration(parsed)).to.not.throw();
      }),
    );
  });

  it('returns a valid choice or throws one line for any text', () => {
    const piece = fc.constantFrom('on', 'off', 'factor', 'max-buckets', '=', ',', ';', ':', '1.5', '8', latency, ' ');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (one) => {
        for (const given of [one, `${latency}:${one}`, `factor=${one}`]) {
          try {
            const parsed = parse(given);
            if (parsed !== undefined) nativeConfiguration(parsed);
          } catch (error) {
            expect(error).to.be.instanceOf(MetricsConfigurationError);
            expect((error as Error).message).to.match(/^--native-histograms got [^\r\n]*[.?]$/);
          }
        }
      }),
    );
  });

  const choices = `expected on, off or options such as factor=1.05,max-buckets=320. For one histogram, write ${latency}:off.`;
  const optionNames = 'expected factor, max-buckets or zero-threshold.';
  const refused: readonly (readonly [text: string, message: string])[] = [
    ['2', `got "2"; ${choices}`],
    ['enabled', `got "enabled"; ${choices}`],
    ['toString', `got "toString"; ${choices}`],
    ['What is 2+2?', `got "What is 2+2?"; ${choices}`],
    ['on,off', `got "on"; ${choices}`],
    ['maxBuckets=8', `got the unknown option "maxBuckets"; ${optionNames} Did you mean "max-buckets"?`],
    [`${latency}:schema=3`, `got the unknown option "schema" for ${latency}; ${optionNames}`],
    ['factor=1.05 max-buckets=320', 'got "factor=1.05 max-buckets=320"; expected commas between options.'],
    [latency, `got "${latency}"; expected a colon: ${latency}:on or ${latency}:off.`],
    [`${latency}=on`, `got "${latency}=on"; expected a colon: ${latency}:on or ${latency}:off.`],
    [`${latency}=off`, `got "${latency}=off"; expected a colon: ${latency}:on or ${latency}:off.`],
    [scrape, `got "${scrape}"; expected a colon: ${scrape}:on or ${scrape}:off.`],
    ['factor=1.1=2', `got "factor=1.1=2"; ${choices}`],
    ['factor=1.1,', `got an empty choice; ${choices}`],
    [`${latency}:`, `got an empty choice for ${latency}; ${choices}`],
    [`${latency}=.1,2`, `got "${latency}=.1"; expected a colon: ${latency}:on or ${latency}:off.`],
    ['factor', 'got an empty factor; expected a finite number above 1, such as 1.1.'],
    ['factor=', 'got an empty factor; expected a finite number above 1, such as 1.1.'],
    ['factor=1', 'got the factor "1"; expected a finite number above 1, such as 1.1.'],
    ['factor=0x10', 'got the factor "0x10"; expected a finite number above 1, such as 1.1.'],
    ['factor=NaN', 'got the factor "NaN"; expected a finite number above 1, such as 1.1.'],
    ['factor=1e999', 'got the factor "1e999"; expected a finite number above 1, such as 1.1.'],
    ['factor=1.1,factor=1.2', 'got factor twice; give each option once.'],
    [
      `${latency}:max-buckets=7`,
      `got the max-buckets "7" for ${latency}; expected a whole number from 8, such as 160.`,
    ],
    ['max-buckets=8.5', 'got the max-buckets "8.5"; expected a whole number from 8, such as 160.'],
    ['zero-threshold=-1', 'got the zero-threshold "-1"; expected a finite number from 0, such as 1e-6.'],
    ['on;off', 'got two choices for all histograms; give one.'],
    [`${latency}:on;${latency}:off`, `got ${latency} twice; give each metric once.`],
    [':on', 'got an empty name; expected a histogram of TinyLLM. Expected one of tinyllm_request_latency_seconds, '],
    ['rag_seconds:on', 'got the metric "rag_seconds"; expected a histogram of TinyLLM.'],
    ['tinyllm_requests_total:on', 'got tinyllm_requests_total, which is a counter; only histograms can be native.'],
    [`${scrape}:on`, `got ${scrape}, which can't be native, because several threads write it; omit it.`],
  ];
  for (const [text, message] of refused) {
    it(`rejects ${JSON.stringify(text)}`, () => {
      expect(() => parse(text)).to.throw(MetricsConfigurationError, `--native-histograms ${message}`);
    });
  }

  it('does not offer a histogram that cannot be native instead of an unknown name', () => {
    expect(() => parse('rag_seconds:on'))
      .to.throw(MetricsConfigurationError)
      .with.property('message')
      .not.contain(scrape);
  });
});
