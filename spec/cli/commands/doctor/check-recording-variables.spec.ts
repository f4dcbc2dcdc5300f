import { expect } from 'chai';
import { checkRecordingVariables } from '../../../../cli/commands/doctor/check-recording-variables.js';

describe('checkRecordingVariables', () => {
  const latency = 'tinyllm_request_latency_seconds';

  it('returns nothing for valid or missing values', () => {
    expect(checkRecordingVariables({})).to.deep.equal([]);
    expect(checkRecordingVariables({ TINYLLM_BUCKETS: '', TINYLLM_NATIVE_HISTOGRAMS: ' ' })).to.deep.equal([]);
    const valid = { TINYLLM_BUCKETS: `${latency}=1,2`, TINYLLM_NATIVE_HISTOGRAMS: `on;${latency}:off` };
    expect(checkRecordingVariables(valid)).to.deep.equal([]);
  });

  it('fails once for each invalid value', () => {
    const invalid = { TINYLLM_BUCKETS: `${latency}=one`, TINYLLM_NATIVE_HISTOGRAMS: `${latency}=on` };
    expect(checkRecordingVariables(invalid)).to.deep.equal([
      {
        check: 'variable',
        verdict: 'failed',
        found: `TINYLLM_BUCKETS got the bucket "one" for ${latency}; expected finite numbers without +Inf, such as .1,1,10`,
        fix: 'correct TINYLLM_BUCKETS, or unset it',
      },
      {
        check: 'variable',
        verdict: 'failed',
        found: `TINYLLM_NATIVE_HISTOGRAMS got "${latency}=on"; expected a colon: ${latency}:on or ${latency}:off`,
        fix: 'correct TINYLLM_NATIVE_HISTOGRAMS, or unset it',
      },
    ]);
  });
});
