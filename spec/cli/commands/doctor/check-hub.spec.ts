import { expect } from 'chai';
import { checkHub } from '../../../../cli/commands/doctor/check-hub.js';
import { startHubServer } from '../../../../lib/hub/server/start-hub-server.js';
import { json, startFakeServer } from '../../../support/fake-server.js';
import { freePort } from '../../../support/free-port.js';
import { openHub } from '../../../support/pushing.js';

describe('checkHub', () => {
  it('accepts a hub', async () => {
    const { hub } = await openHub();
    const server = await startHubServer({ port: 0, hub });
    try {
      expect(await checkHub(server.url)).to.deep.equal({
        check: 'hub',
        verdict: 'ok',
        found: `responds at ${server.url}`,
      });
    } finally {
      await server.close();
    }
  });

  it('explains why a URL is not a working hub', async () => {
    const port = await freePort();
    const absent = await checkHub(`http://me:secret@127.0.0.1:${port}`);
    expect(absent.found)
      .to.match(/ECONNREFUSED|nobody|refused/i)
      .and.not.include('secret');
    expect(absent.fix).to.equal(`start a hub with \`tinyllm metrics --port ${port}\`, or unset TINYLLM_HUB`);
    expect(await checkHub('ftp://127.0.0.1')).to.include({ verdict: 'failed' });
    for (const [status, found, fix] of [
      [200, /^the server at \S+ is not a hub$/, /tinyllm metrics --port \d+/],
      [401, /requires a user and a password/, /http:\/\/USER:PASSWORD@HOST:PORT/],
    ] as const) {
      const other = await startFakeServer(() => json({}, status));
      const finding = await checkHub(other.url).finally(() => other.close());
      expect(finding.verdict).to.equal('failed');
      expect(finding.found).to.match(found);
      expect(finding.fix).to.match(fix);
    }
  });
});
