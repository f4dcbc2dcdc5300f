import { expect } from 'chai';
import { checkPackage } from '../../../../cli/commands/doctor/check-package.js';
import { VERSION } from '../../../../lib/core/version/version.js';

describe('checkPackage', () => {
  it('sees that a question is answered and counted', async () => {
    const found = `tinyllm ${VERSION} answers a question, and counts it`;
    expect(await checkPackage()).to.deep.equal({ check: 'package', verdict: 'ok', found });
    expect(await checkPackage()).to.include({ verdict: 'ok' });
  });
});
