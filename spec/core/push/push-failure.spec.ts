import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { pushFailure } from '../../../lib/core/push/push-failure.js';
import { startMetricsServer } from '../../../lib/core/server/metrics-server.js';
import { tlsLines, WebConfigFolder } from '../../support/web-config-folder.js';

describe('pushFailure', () => {
  const failureOf = (url: string): Promise<string> =>
    fetch(url, { redirect: 'error' }).then(() => expect.fail('there was a response'), pushFailure);

  it('explains a wrong protocol and an unknown authority', async () => {
    const config = await WebConfigFolder.make(tlsLines);
    const registry = new SharedRegistry();
    const plain = await startMetricsServer({ port: 0, thread: false, registry });
    const secure = await startMetricsServer({ port: 0, thread: false, registry, webConfigFile: config.file });
    try {
      expect(await failureOf(plain.url.replace('http:', 'https:'))).to.contain('expected http:// instead of https://');
      expect(await failureOf(secure.url.replace('https:', 'http:'))).to.contain('check whether it expects https://');
      expect(await failureOf(secure.url)).to.contain('NODE_EXTRA_CA_CERTS');
    } finally {
      await Promise.all([plain.close(), secure.close()]);
      await config.remove();
    }
  });

  it('explains blocked ports and redirects', async () => {
    expect(await failureOf('http://127.0.0.1:1')).to.contain('expected another port, such as 9091');
    const server = createServer((_request, response) => response.writeHead(302, { location: '/b' }).end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    expect(await failureOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).to.contain(
      'use the target URL of the redirect',
    );
    server.close();
  });

  it('returns the message of the cause for other errors', () => {
    expect(pushFailure(new TypeError('fetch failed', { cause: new Error('odd') }))).to.equal('odd');
    expect(pushFailure(new TypeError('fetch failed'))).to.equal('fetch failed');
  });
});
