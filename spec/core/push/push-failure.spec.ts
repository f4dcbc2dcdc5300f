import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { pushFailure } from '../../../lib/core/push/push-failure.js';
import { startMetricsServer } from '../../../lib/core/server/metrics-server.js';
import { tlsLines, WebConfigFolder } from '../../support/web-config-folder.js';

describe('pushFailure', () => {
  const said = (url: string): Promise<string> =>
    fetch(url, { redirect: 'error' }).then(() => expect.fail('was answered'), pushFailure);

  it('says which of http and https is expected, and how to make an authority known', async () => {
    const config = await WebConfigFolder.make(tlsLines);
    const registry = new SharedRegistry();
    const plain = await startMetricsServer({ port: 0, thread: false, registry });
    const secure = await startMetricsServer({ port: 0, thread: false, registry, webConfigFile: config.file });
    try {
      expect(await said(plain.url.replace('http:', 'https:'))).to.contain('expected http:// in place of https://');
      expect(await said(secure.url.replace('https:', 'http:'))).to.contain('does it expect https://');
      expect(await said(secure.url)).to.contain('NODE_EXTRA_CA_CERTS');
    } finally {
      await Promise.all([plain.close(), secure.close()]);
      await config.remove();
    }
  });

  it('says what to do about ports no client connects to, and about redirects', async () => {
    expect(await said('http://127.0.0.1:1')).to.contain('expected another port, such as 9091');
    const server = createServer((_request, response) => response.writeHead(302, { location: '/b' }).end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    expect(await said(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).to.contain('name the URL');
    server.close();
  });

  it('gives the words underneath for anything else', () => {
    expect(pushFailure(new TypeError('fetch failed', { cause: new Error('odd') }))).to.equal('odd');
    expect(pushFailure(new TypeError('fetch failed'))).to.equal('fetch failed');
  });
});
