import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { HubFileError } from '../../../lib/hub/errors/hub-errors.js';
import { WriteRetries } from '../../../lib/hub/storage/write-retries.js';

describe('WriteRetries', () => {
  it('retries after a failure, but not after it was stopped', async function () {
    this.timeout(10_000);
    const problem = new HubFileError('state', 'state cannot be written.');
    const calls = { going: 0, before: 0, after: 0 };
    const retries = (name: keyof typeof calls) =>
      new WriteRetries(() => {
        calls[name] += 1;
      });
    const [going, before, after] = [retries('going'), retries('before'), retries('after')];
    going.failed(problem);
    before.failed(problem);
    before.stop();
    after.stop();
    after.failed(problem);
    expect(after.problem).to.equal(problem);
    await delay(1_300);
    expect(calls).to.deep.equal({ going: 1, before: 0, after: 0 });
    expect([going.isDue, after.isDue]).to.deep.equal([true, false]);
  });
});
