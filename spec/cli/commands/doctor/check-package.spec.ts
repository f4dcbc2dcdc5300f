import { expect } from 'chai';
import { checkPackage } from '../../../../cli/commands/doctor/check-package.js';
import { VERSION } from '../../../../lib/core/version/version.js';

describe('checkPackage', () => {
  it('checks that a question is answered and counted', async () => {
    const found = `tinyllm ${VERSION} answers questions and counts requests`;
    expect(await checkPackage()).to.deep.equal({ check: 'package', verdict: 'ok', found });
    expect(await checkPackage()).to.include({ verdict: 'ok' });
  });
});
