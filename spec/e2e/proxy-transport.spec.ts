import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { askRaw } from '../support/proxy/ask-raw.js';
import { startRawUpstream } from '../support/proxy/raw-upstream.js';
import { type RecordingUpstream, startRecordingUpstream } from '../support/proxy/recording-upstream.js';
import { type CliProcess, endAllCli, startCli } from '../support/start-cli.js';

const gibibyte = 1024 ** 3;

describe('tinyllm proxy', () => {
  afterEach(endAllCli);

  /** Starts the built proxy, and waits until it prints its addresses. */
  async function proxyTo(
    urls: readonly string[],
    {
      flags = [],
      environment = {},
    }: { readonly flags?: readonly string[]; readonly environment?: NodeJS.ProcessEnv } = {},
  ) {
    const upstreams = urls.flatMap((url) => ['--upstream', url]);
    const cli = startCli(
      ['proxy', ...upstreams, '--port', '0', '--metrics-port', '0', '--no-ps', ...flags],
      environment,
    );
    const [, url = ''] = await cli.untilStderr(/forwarding (\S+) to .*; press Ctrl-C to stop\n/);
    const [, metrics = ''] = await cli.untilStderr(/serving metrics at (\S+?\/metrics)/);
    const scrape = async (metric: string) => {
      const text = await (await fetch(metrics)).text();
      return text.split('\n').filter((line) => line.startsWith(metric) && !line.endsWith(' 0'));
    };
    return { cli, url, scrape };
  }

  const ask = (url: string, path = '/api/chat') =>
    askRaw(url, { method: 'POST', path, body: '{}', headers: ['Host', '127.0.0.1', 'Content-Length', '2'] });

  /** The peak memory of a process, in MiB. Undefined on systems without /proc. */
  function peakMemory({ child: { pid } }: CliProcess): number | undefined {
    const file = `/proc/${pid}/status`;
    return existsSync(file) ? Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024 : undefined;
  }

  it('forwards a body of 1 GiB in each direction without storing it', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'a');
    let got = 0;
    const large = createServer((asked, response) => {
      asked.on('data', (chunk: Buffer) => {
        got += chunk.length;
      });
      asked.on('end', () => {
        let left = gibibyte / piece.length;
        const more = (): void => {
          while (left > 0) {
            left--;
            if (!response.write(piece)) return void response.once('drain', more);
          }
          response.end();
        };
        response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
        more();
      });
    }).listen(0, '127.0.0.1');
    await once(large, 'listening');
    const { cli, url } = await proxyTo([`http://127.0.0.1:${(large.address() as AddressInfo).port}`]);
    await fetch(`${url}/api/version`).then((response) => response.body?.cancel());
    const before = peakMemory(cli);
    got = 0;
    const asked = request(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'Content-Length': gibibyte } });
    for (let left = gibibyte / piece.length; left > 0; left--) if (!asked.write(piece)) await once(asked, 'drain');
    asked.end();
    const [answer] = await once(asked, 'response');
    let back = 0;
    for await (const chunk of answer) back += chunk.length;
    expect([got, back]).to.deep.equal([gibibyte, gibibyte]);
    const after = peakMemory(cli);
    if (before !== undefined && after !== undefined) expect(after - before).to.be.below(128);
    cli.child.kill('SIGTERM');
    expect((await cli.end()).code).to.equal(143);
    large.close();
    large.closeAllConnections();
  });

  it('finishes the active stream after SIGTERM, and aborts it when the grace period ends', async () => {
    const upstream = await startRawUpstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n');
    });
    const { cli, url } = await proxyTo([upstream.url], { flags: ['--grace', '20'] });
    const response = await fetch(`${url}/api/chat`, { method: 'POST', body: '{}' });
    cli.child.kill('SIGTERM');
    await eventually(async () =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    );
    // The first probe of the upstream has its own connection.
    for (const socket of upstream.sockets) if (!socket.destroyed) socket.write('4\r\n, so\r\n0\r\n\r\n');
    expect(await response.text()).to.equal('ok, so');
    expect(await cli.end()).to.include({ code: 143, stdout: '' });

    const second = await proxyTo([upstream.url], { flags: ['--grace', '0'] });
    const cut = await fetch(second.url);
    second.cli.child.kill('SIGINT');
    expect(await cut.text().catch((error: Error) => error.name)).to.equal('TypeError');
    expect((await second.cli.end()).code).to.equal(130);
    await upstream.close();
  });

  it('uses the remaining upstreams, and uses a failed upstream again after it has recovered', async () => {
    const answer: Parameters<typeof startRecordingUpstream>[0] = (_request, response) => void response.end('ok');
    const steady = await startRecordingUpstream(answer);
    let shaky: RecordingUpstream = await startRecordingUpstream(answer);
    const { port } = new URL(shaky.url);
    const { url, scrape } = await proxyTo([shaky.url, steady.url], {
      flags: ['--breaker-failures', '1', '--breaker-seconds', '1'],
    });
    for (let times = 0; times < 4; times++) await ask(url);
    expect([shaky.requests.length, steady.requests.length]).to.deep.equal([2, 2]);
    await shaky.close();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(url)));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(steady.requests).to.have.length(22);
    expect((await scrape('tinyllm_proxy_upstream_up')).join()).to.not.include(port);
    expect((await scrape('tinyllm_proxy_retries_total')).join()).to.include(`upstream="127.0.0.1:${port}"`);
    shaky = await startRecordingUpstream(answer, Number(port));
    await eventually(async () => {
      await ask(url);
      return shaky.requests.length > 1;
    });
    expect(await scrape('tinyllm_proxy_upstream_up')).to.have.length(2);
    expect(await scrape('tinyllm_proxy_upstream_active_requests')).to.deep.equal([]);
    await Promise.all([shaky.close(), steady.close()]);
  });

  it('connects to an upstream over TLS if it trusts the authority', async () => {
    const folder = 'spec/support/certificates';
    const [key, cert] = ['server-key.pem', 'server.pem'].map((name) => readFileSync(join(folder, name)));
    const secure = createTlsServer({ key, cert }, (_request, response) => void response.end('ok')).listen(
      0,
      '127.0.0.1',
    );
    await once(secure, 'listening');
    const upstream = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
    const known = await proxyTo([upstream], { environment: { NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem') } });
    expect((await ask(known.url)).body.toString()).to.equal('ok');
    const unknown = await proxyTo([upstream]);
    const rejected = await ask(unknown.url);
    expect(rejected.status).to.equal(502);
    expect(rejected.body.toString()).to.match(/cannot be reached \([A-Z_]+\); check that it runs/);
    expect((await unknown.scrape('tinyllm_proxy_upstream_failures_total')).join()).to.include('unreachable');
    secure.close();
    secure.closeAllConnections();
  });

  const wrong: readonly [flags: readonly string[], message: RegExp, code: number][] = [
    [['--upstream', 'box'], /^tinyllm: The upstream "box" is not a server URL; expected a server such as http:/, 2],
    [['--api-keys-file', '/nowhere'], /^tinyllm: \/nowhere: the API key file does not exist; check the path\.\n$/, 1],
    [['--rate', '5/d'], /^tinyllm: --rate got "5\/d"; expected a rate such as 10\/s/, 2],
  ];
  for (const [flags, message, code] of wrong) {
    it(`prints one line and exits for ${flags.join(' ')}`, async () => {
      const cli = startCli(['proxy', '--port', '0', '--metrics-port', '0', ...flags]);
      const end = await cli.end();
      expect(end.stderr).to.match(message);
      expect(end.code).to.equal(code);
    });
  }
});
