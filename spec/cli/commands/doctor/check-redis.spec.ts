import { expect } from 'chai';
import { checkRedis } from '../../../../cli/commands/doctor/check-redis.js';
import { freePort } from '../../../support/free-port.js';

describe('checkRedis', () => {
  it('explains how to start Redis, without printing the password', async () => {
    const port = await freePort();
    const finding = await checkRedis(`redis://me:secret@127.0.0.1:${port}`);
    expect(finding).to.include({ check: 'redis', verdict: 'failed', fix: `redis-server --port ${port}` });
    expect(finding.found).to.include(`redis://127.0.0.1:${port}`).and.not.include('secret');
  });
});
