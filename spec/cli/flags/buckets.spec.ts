import { expect } from 'chai';
import { CommandArguments } from '../../../cli/command/command-arguments.js';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { readBuckets } from '../../../cli/flags/buckets.js';

describe('readBuckets', () => {
  const latency = 'tinyllm_request_latency_seconds';
  const read = (buckets?: string | readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    readBuckets(new CommandArguments('demo', { _: ['demo'], ...(buckets && { buckets }) }), environment);

  it('reads one or several flags', () => {
    expect(read(`${latency}=.1,1,10`)).to.deep.equal({ [latency]: [0.1, 1, 10] });
    expect(read([`${latency}=1`, 'tinyllm_request_input_tokens=10,100'])).to.deep.equal({
      [latency]: [1],
      tinyllm_request_input_tokens: [10, 100],
    });
  });

  it('leaves valid buckets of the environment to the library', () => {
    expect(read()).to.equal(undefined);
    expect(read(undefined, { TINYLLM_BUCKETS: '' })).to.equal(undefined);
    expect(read(undefined, { TINYLLM_BUCKETS: `${latency}=1` })).to.equal(undefined);
    expect(read(`${latency}=2`, { TINYLLM_BUCKETS: `${latency}=1` })).to.deep.equal({ [latency]: [2] });
  });

  it('names the flag or the variable in errors', () => {
    const refused: readonly (readonly [Parameters<typeof read>, string])[] = [
      [[' '], '--buckets got an empty value; expected a metric and its buckets, such as tinyllm_request_latency'],
      [['x=1'], '--buckets got the metric "x"; expected a histogram of TinyLLM.'],
      [[[`${latency}=1`, `${latency}=2`]], `--buckets got ${latency} twice; give each metric once.`],
      [[`${latency}=2,1`], `--buckets got the buckets 2,1 for ${latency}; expected each above the one before.`],
      [[undefined, { TINYLLM_METRICS: 'of' }], 'The environment variable TINYLLM_METRICS is "of"; expected on or off.'],
      [[undefined, { TINYLLM_BUCKETS: 'x' }], 'TINYLLM_BUCKETS got "x"; expected a metric and its buckets'],
      [[`${latency}=1`, { TINYLLM_BUCKETS: `${latency}=` }], `TINYLLM_BUCKETS got an empty bucket for ${latency}`],
    ];
    for (const [given, message] of refused) expect(() => read(...given)).to.throw(UsageError, message);
  });
});
