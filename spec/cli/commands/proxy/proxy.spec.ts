import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../../../support/eventually.js';
import { freePort } from '../../../support/free-port.js';
import { askRaw } from '../../../support/proxy/ask-raw.js';
import { type RecordingUpstream, startRecordingUpstream } from '../../../support/proxy/recording-upstream.js';
import { startTinyllm, type TinyllmProcess } from '../../../support/tinyllm-process.js';

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

  describe('with additional labels', () => {
    let folder: string;
    let keys: string;
    let upstream: RecordingUpstream;
    let running: TinyllmProcess;

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'tinyllm-labels-'));
      keys = join(folder, 'keys');
      upstream = await startRecordingUpstream((_request, response) => {
        response.setHeader('Content-Type', 'application/json');
        response.end('{"model":"m","response":"four","done":true,"prompt_eval_count":5,"eval_count":1}');
      });
    });

    afterEach(async () => {
      await running.close();
      await upstream.close();
      rmSync(folder, { recursive: true });
    });

    function start(...flags: readonly string[]): void {
      const ports = ['--port', '0', '--metrics-port', '0', '--no-ps'];
      running = startTinyllm('proxy', '--upstream', upstream.url, '--api-keys-file', keys, ...ports, ...flags);
    }

    it('records headers and names of keys, and forwards the headers, but never shows the keys', async () => {
      writeFileSync(keys, 'sk-first name=research\nsk-second\n');
      start('--label', 'tenant=header:X-Tenant', '--label-values', 'tenant=acme', '--label', 'team=key');
      const metrics = await running.metricsUrl();
      const url = await eventually(async () => /forwarding (\S+) to /.exec(running.printed.stderr)?.[1]);
      const ask = (key: string, ...tenants: readonly string[]) =>
        askRaw(url ?? '', {
          method: 'POST',
          path: '/api/generate',
          body: '{"model":"m","stream":false}',
          headers: [
            ...['Host', '127.0.0.1', 'Content-Length', '28', 'Authorization', `Bearer ${key}`],
            ...tenants.flatMap((tenant) => ['X-Tenant', tenant]),
          ],
        });
      await ask('sk-first', 'acme');
      await ask('sk-second');
      await ask('sk-first', 'acme', 'globex');
      await ask('sk-wrong', 'acme');
      expect(
        upstream.requests.map(({ headers }) => headers.filter((_, at) => headers[at - 1] === 'X-Tenant')),
      ).to.deep.equal([['acme'], [], ['acme', 'globex']]);
      const text = await (await fetch(metrics)).text();
      expect(text.split('\n').filter((line) => line.startsWith('tinyllm_requests_total{'))).to.have.members([
        'tinyllm_requests_total{model="m",graph="proxy",request_type="generate",tenant="acme",team="research"} 1',
        'tinyllm_requests_total{model="m",graph="proxy",request_type="generate",tenant="",team=""} 1',
        'tinyllm_requests_total{model="m",graph="proxy",request_type="generate",tenant="other",team="research"} 1',
      ]);
      expect(text).to.include('tinyllm_tokens_input_total{model="m",graph="proxy",tenant="acme",team="research"} 5');
      expect(text).to.include('tinyllm_proxy_refused_total{reason="key"} 1');
      for (const key of ['sk-first', 'sk-second', 'sk-wrong']) {
        const digest = createHash('sha256').update(key).digest('hex');
        expect(text).to.not.include(key).and.to.not.include(digest.slice(0, 8));
      }
      expect(running.printed.stderr).to.not.include('warning');
    });

    it('warns if the label is the name of the key, and no key has a name', async () => {
      writeFileSync(keys, 'sk-first\n');
      start('--label', 'team=key');
      const warning = await eventually(async () => /^warning: .*$/m.exec(running.printed.stderr)?.[0]);
      expect(warning).to.equal(
        `warning: no key in ${keys} has a name, so the label team is empty; add name=NAME after the keys`,
      );
    });
  });

  async function isUp(url: string, expected: number): Promise<void> {
    await eventually(async () => {
      const text = await (await fetch(url)).text();
      return new RegExp(`^tinyllm_proxy_upstream_up\\{upstream="127\\.0\\.0\\.1:\\d+"\\} ${expected}$`, 'm').test(text);
    });
  }
});
