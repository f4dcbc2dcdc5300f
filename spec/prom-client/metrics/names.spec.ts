import { expect } from 'chai';
import { expectSame } from '../../support/prom-client-pair.js';

describe('validateMetricName', () => {
  it('accepts the same names as prom-client', async () => {
    const names = ['a', 'a_1', ':a', '_a', '1a', 'a-b', 'ä', '', 'a b', 'a\n'];
    const valid = await expectSame(({ validateMetricName }) => names.filter((name) => validateMetricName(name)));
    expect(valid).to.deep.equal(['a', 'a_1', ':a', '_a']);
  });
});
