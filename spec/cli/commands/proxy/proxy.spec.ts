import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect } from 'chai';
import { eventually } from '../../../support/eventually.js';
import { freePort } from '../../../support/free-port.js';
import { startTinyllm } from '../../../support/tinyllm-process.js';

describe('tinyllm proxy', () => {
  for (const flags of [[], ['--no-ps']]) {
    it(`warns about an upstream that does not respond, and detects when it does: ${flags.join() || 'with polling'}`, async () => {
      const port = await freePort();
      const upstream = `http://127.0.0.1:${port}`;
      const running = startTinyllm('proxy', '--upstream', upstream, '--port', '0', '--metrics-port', '0', ...flags);
      const server = createServer((_request, response) => void response.end('{}'));
      try {
        const url = await running.metricsUrl();
        const warning = await eventually(async () => /^warning: .*$/m.exec(running.printed.stderr)?.[0]);
        expect(running.printed.stderr).to.include('forwarding');
        expect(warning).to.equal(
          `warning: the upstream 127.0.0.1:${port} does not respond (ECONNREFUSED); start it, or correct --upstream`,
        );
        await isUp(url, 0);
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
        await isUp(url, 1);
        expect(running.printed.stderr.match(/warning/g)).to.have.length(1);
      } finally {
        await running.close();
        server.closeAllConnections();
        server.close();
      }
    });
  }

  async function isUp(url: string, expected: number): Promise<void> {
    await eventually(async () => {
      const text = await (await fetch(url)).text();
      return new RegExp(`^tinyllm_proxy_upstream_up\\{upstream="127\\.0\\.0\\.1:\\d+"\\} ${expected}$`, 'm').test(text);
    });
  }
});
