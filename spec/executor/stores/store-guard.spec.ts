import { expect } from 'chai';
import { registry } from '../../../lib/core/metrics/shared-registry.js';
import { StoreError } from '../../../lib/executor/errors/store-errors.js';
import { StoreGuard } from '../../../lib/executor/stores/store-guard.js';
import { sampleValue } from '../../support/parse-text.js';

const down = new StoreError('down', { store: 'guarded', operation: 'get' });
const fails = () => Promise.reject(down);

describe('StoreGuard', () => {
  it('counts every failure, tells one an outage, and answers nothing', async () => {
    const told: unknown[] = [];
    const guard = new StoreGuard((error) => told.push(error));
    expect([await guard.attempt(fails), await guard.attempt(fails)]).to.deep.equal([undefined, undefined]);
    expect(told).to.deep.equal([down]);
    expect(await guard.attempt(async () => 'there')).to.equal('there');
    await guard.attempt(fails);
    expect(told).to.deep.equal([down, down]);
    const text = await registry.metrics();
    expect(sampleValue(text, 'tinyllm_store_errors_total', { store: 'guarded', operation: 'get' })).to.equal(3);
  });

  it("throws what is no store's failure, and bears a listener that fails", async () => {
    const guard = new StoreGuard(() => {
      throw new Error('deaf');
    });
    expect(await guard.attempt(fails)).to.equal(undefined);
    const other = new TypeError('a mistake');
    expect(await guard.attempt(() => Promise.reject(other)).catch((error: unknown) => error)).to.equal(other);
  });
});
