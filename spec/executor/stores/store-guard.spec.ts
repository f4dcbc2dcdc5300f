import { expect } from 'chai';
import { registry } from '../../../lib/core/metrics/shared-registry.js';
import { StoreError } from '../../../lib/executor/errors/store-errors.js';
import { StoreGuard } from '../../../lib/executor/stores/store-guard.js';
import { sampleValue } from '../../support/parse-text.js';

const down = new StoreError('down', { store: 'guarded', operation: 'get' });
const fails = () => Promise.reject(down);

describe('StoreGuard', () => {
  it('counts every failure, reports one per outage, and returns undefined', async () => {
    const reported: unknown[] = [];
    const guard = new StoreGuard((error) => reported.push(error));
    expect([await guard.attempt(fails), await guard.attempt(fails)]).to.deep.equal([undefined, undefined]);
    expect(reported).to.deep.equal([down]);
    expect(await guard.attempt(async () => 'there')).to.equal('there');
    await guard.attempt(fails);
    expect(reported).to.deep.equal([down, down]);
    const text = await registry.metrics();
    expect(sampleValue(text, 'tinyllm_store_errors_total', { store: 'guarded', operation: 'get' })).to.equal(3);
  });

  it('throws other errors, and ignores errors of the listener', async () => {
    const guard = new StoreGuard(() => {
      throw new Error('listener failed');
    });
    expect(await guard.attempt(fails)).to.equal(undefined);
    const other = new TypeError('a mistake');
    expect(await guard.attempt(() => Promise.reject(other)).catch((error: unknown) => error)).to.equal(other);
  });
});
