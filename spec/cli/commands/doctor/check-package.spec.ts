import { expect } from 'chai';
import { checkPackage } from '../../../../cli/commands/doctor/check-package.js';
import { VERSION } from '../../../../lib/core/version/version.js';
import { inFreshProcess } from '../../../support/fresh-process.js';

describe('checkPackage', () => {
  it('checks that a question is answered and counted', async () => {
    const found = `tinyllm ${VERSION} answers questions and counts requests`;
    expect(await checkPackage()).to.deep.equal({ check: 'package', verdict: 'ok', found });
    expect(await checkPackage()).to.include({ verdict: 'ok' });
  });

  it('checks only the answer if the metrics are off', async () => {
    const script = `
      const { checkPackage } = await import('./cli/commands/doctor/check-package.ts');
      process.stdout.write(JSON.stringify(await checkPackage()), () => process.exit());
    `;
    const finding: unknown = JSON.parse(await inFreshProcess(script, { env: { TINYLLM_METRICS: 'off' } }));
    const found = `tinyllm ${VERSION} answers questions`;
    expect(finding).to.deep.equal({ check: 'package', verdict: 'ok', found });
  });
});
