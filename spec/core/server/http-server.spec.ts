import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, type ServerResponse } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import fc from 'fast-check';
import type { WebConfigError } from '../../../lib/core/errors/errors.js';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../../lib/core/server/http-server.js';
import { openWebConfig } from '../../../lib/core/server/web-config/web-config.js';
import { writeBody } from '../../../lib/core/server/write-body.js';
import { ask } from '../../support/ask.js';
import { eventually } from '../../support/eventually.js';
import { certificates, hashOfOther, hashOfSecret, tlsLines, WebConfigFolder } from '../../support/web-config-folder.js';

const pem = (name: string) => readFileSync(`${certificates}/${name}.pem`);

describe('createHttpServer', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  const start = async (
    options: Partial<HttpServerOptions> = {},
  ): Promise<{ server: HttpServer; url: string; port: number }> => {
    const server = createHttpServer({ handler: (_request, response) => void response.end('numbers'), ...options });
    cleanups.push(() => server.close());
    const port = await server.listen('127.0.0.1', 0);
    return { server, port, url: `${server.scheme}://127.0.0.1:${port}/metrics` };
  };

  /** Opens a TCP connection, and collects the received text. */
  const dial = async (port: number) => {
    const socket = connect(port, '127.0.0.1');
    cleanups.push(() => socket.destroy());
    const received = { text: '', ended: once(socket, 'close') };
    socket
      .on('error', () => {})
      .setEncoding('latin1')
      .on('data', (text: string) => {
        received.text += text;
      });
    await once(socket, 'connect');
    return { socket, received };
  };

  describe('over plain HTTP', () => {
    it('responds without a header that names the software', async () => {
      const { url } = await start();
      const { status, body, headers } = await ask(url);
      expect([status, body]).to.deep.equal([200, 'numbers']);
      expect(headers).not.to.have.any.keys('server', 'x-powered-by');
    });

    it('returns 500 without the error message if a handler throws, and serves the next request', async () => {
      const errors: unknown[] = [];
      const failure = new Error('secret');
      const handler = () => {
        throw failure;
      };
      const { url } = await start({ handler, onError: (error) => errors.push(error) });
      for (let i = 0; i < 2; i++)
        expect(await ask(url)).to.include({
          status: 500,
          body: 'Internal error: the server could not process the request.\n',
        });
      expect(errors).to.deep.equal([failure, failure]);
    });

    it('closes the connection if a response fails after it has begun', async () => {
      const handler = async (_request: unknown, response: ServerResponse) => {
        response.writeHead(200, { 'Content-Length': 10 }).write('half');
        throw new Error('gone');
      };
      const { url } = await start({ handler });
      expect(await ask(url).catch(({ code }) => code)).to.equal('ECONNRESET');
    });

    it('returns a short 400 for invalid requests', async () => {
      const { port, url } = await start();
      const { socket, received } = await dial(port);
      socket.write('GARBAGE\r\n\r\n');
      await received.ended;
      expect(received.text).to.equal('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      expect((await ask(url)).status).to.equal(200);
    });

    it('returns 431 for headers above the limit', async () => {
      const { port } = await start();
      const { socket, received } = await dial(port);
      socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(16 * 1024)}\r\n\r\n`);
      await received.ended;
      expect(received.text).to.match(/^HTTP\/1\.1 431 /);
    });

    it('returns 408 for incomplete headers after the timeout, and serves others meanwhile', async () => {
      const { port, url } = await start({ limits: { headersMilliseconds: 500 } });
      const slow = await Promise.all(Array.from({ length: 50 }, () => dial(port)));
      for (const { socket } of slow) socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-');
      expect((await ask(url)).body).to.equal('numbers');
      await Promise.all(slow.map(({ received }) => received.ended));
      for (const { received } of slow) expect(received.text).to.match(/^HTTP\/1\.1 408 /);
    });

    it('closes silent connections', async () => {
      const { port } = await start({ limits: { headersMilliseconds: 500 } });
      const { received } = await dial(port);
      await received.ended;
    });

    it('responds while there are 200 idle connections', async () => {
      const { port, url } = await start();
      await Promise.all(Array.from({ length: 200 }, () => dial(port)));
      expect((await ask(url)).body).to.equal('numbers');
    });

    it('closes the connection that was idle longest for a new one', async () => {
      const { port, url } = await start({ limits: { connections: 3 } });
      const idle = [await dial(port), await dial(port), await dial(port)];
      expect((await ask(url)).body).to.equal('numbers');
      await idle[0]?.received.ended;
      expect(idle[2]?.socket.destroyed).to.equal(false);
    });

    it('keeps connections with a response in progress, and closes a new one if all are busy', async () => {
      const held: ServerResponse[] = [];
      const { port, url } = await start({
        limits: { connections: 2 },
        handler: (_request, response) => void held.push(response),
      });
      const pending = [ask(url), ask(url)];
      await eventually(async () => held.length === 2);
      await (await dial(port)).received.ended;
      for (const response of held) response.end('done');
      expect((await Promise.all(pending)).map(({ body }) => body)).to.deep.equal(['done', 'done']);
    });

    it('returns 503 above the limit of concurrent requests, but not for probes', async () => {
      const held: ServerResponse[] = [];
      const handler: HttpServerOptions['handler'] = ({ url }, response) => {
        if (url === '/-/healthy') response.end('OK');
        else held.push(response);
      };
      const { url } = await start({ handler, limits: { requests: 2 } });
      const pending = [ask(url), ask(url)];
      await eventually(async () => held.length === 2);
      const rejected = await ask(url);
      expect(rejected).to.deep.include({ status: 503, body: 'Too many concurrent requests; retry in 1 s.\n' });
      expect(rejected.headers['retry-after']).to.equal('1');
      expect((await ask(new URL('/-/healthy', url).href)).body).to.equal('OK');
      for (const response of held.splice(0)) response.end('done');
      await Promise.all(pending);
      const again = ask(url);
      await eventually(async () => held.length === 1);
      held[0]?.end('again');
      expect((await again).body).to.equal('again');
    });

    const askAs = async (port: number, headers: string, version = '1.1') => {
      const { socket, received } = await dial(port);
      socket.write(`GET /metrics HTTP/${version}\r\n${headers}Connection: close\r\n\r\n`);
      await received.ended;
      return Number(received.text.split(' ', 2)[1]);
    };

    it('rejects requests on a loopback address whose Host header names another machine', async () => {
      const { port } = await start();
      const hosts = [
        'localhost',
        `127.0.0.1:${port}`,
        `[::1]:${port}`,
        `host.docker.internal:${port}`,
        'app.localhost',
      ];
      for (const host of hosts) expect(await askAs(port, `Host: ${host}\r\n`), host).to.equal(200);
      expect(await askAs(port, '', '1.0')).to.equal(200);
      for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.nip.io']) {
        expect(await askAs(port, `Host: ${host}\r\n`), host).to.equal(403);
      }
    });

    it('accepts any Host header on other addresses', async () => {
      const server = createHttpServer({ handler: (_request, response) => void response.end('numbers') });
      cleanups.push(() => server.close());
      expect(await askAs(await server.listen('0.0.0.0', 0), 'Host: metrics.example\r\n')).to.equal(200);
    });

    it('handles one request of a connection at a time', async () => {
      const held: ServerResponse[] = [];
      const { port } = await start({ handler: (_request, response) => void held.push(response) });
      const { socket, received } = await dial(port);
      socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(10));
      for (let index = 0; index < 10; index++) {
        await eventually(async () => held.length > index);
        expect(held).to.have.length(index + 1);
        held[index]?.end('done');
      }
      await eventually(async () => received.text.match(/done/g)?.length === 10);
    });

    it('closes a connection that pipelines more than 16 requests behind the one in progress', async () => {
      const held: ServerResponse[] = [];
      const { port } = await start({ handler: (_request, response) => void held.push(response) });
      const { socket, received } = await dial(port);
      socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(18));
      await received.ended;
      expect(held).to.have.length(1);
    });

    it('releases the slot of a client that has disconnected', async () => {
      const held: ServerResponse[] = [];
      const { port, url } = await start({
        handler: (_request, response) => void held.push(response),
        limits: { requests: 1 },
      });
      const { socket } = await dial(port);
      socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await eventually(async () => held.length === 1);
      socket.destroy();
      await once(held[0] as ServerResponse, 'close');
      const pending = ask(url);
      await eventually(async () => held.length === 2);
      held[1]?.end('done');
      expect((await pending).body).to.equal('done');
    });

    it('limits the buffered bytes for a client that reads nothing, and disconnects it', async () => {
      const responses: ServerResponse[] = [];
      const taken: Promise<boolean>[] = [];
      let most = 0;
      const body = 'x'.repeat(32 * 1024 * 1024);
      const handler = (_request: unknown, response: ServerResponse) => {
        responses.push(response);
        const write = response.write;
        response.write = ((chunk: string) => {
          const result = write.call(response, chunk, 'utf8');
          most = Math.max(most, response.writableLength);
          return result;
        }) as typeof write;
        taken.push(writeBody(response, body, taken.length === 0 ? { stallMilliseconds: 300 } : {}));
      };
      const { port, url } = await start({ handler });
      const { socket } = await dial(port);
      socket.pause();
      socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await eventually(async () => taken.length === 1);
      expect(await taken[0]).to.equal(false);
      expect(most).to.be.lessThan(200 * 1024);
      expect(responses[0]?.destroyed).to.equal(true);
      expect((await ask(url)).body).to.have.length(body.length);
    });

    it('responds to any input, and serves the next client', async function () {
      this.timeout(20_000);
      const { port, url } = await start();
      const piece = fc.constantFrom(
        'GET ',
        'POST ',
        '/metrics',
        ' HTTP/1.1',
        '\r\n',
        'Host: a',
        'Content-Length: -1',
        ': ',
        '\0',
        '\r\n\r\n',
        'Transfer-Encoding: chunked',
      );
      await fc.assert(
        fc.asyncProperty(fc.array(fc.oneof(piece, fc.string({ maxLength: 10 })), { maxLength: 12 }), async (pieces) => {
          const { socket, received } = await dial(port);
          socket.end(pieces.join(''));
          await received.ended;
          expect(received.text).to.match(/^(HTTP\/1\.1 |$)/);
        }),
        { numRuns: 100 },
      );
      expect((await ask(url)).body).to.equal('numbers');
    });
  });

  describe('when it is closed', () => {
    for (const host of ['0.0.0.0', '::']) {
      it(`closes all connections of a client that uses the same port for several addresses of ${host}`, async function () {
        const server = createHttpServer({ handler: (_request, response) => void response.end('numbers') });
        cleanups.push(() => server.close());
        const port = await server.listen(host, 0).catch(() => this.skip());
        const first = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1' });
        await once(first, 'connect');
        const { localPort = 0 } = first;
        const others = [connect({ port, host: '127.0.0.2', localAddress: '127.0.0.1', localPort })];
        if (host === '::') others.push(connect({ port, host: '::1', localPort }));
        const clients = [first, ...others];
        for (const client of clients) cleanups.push(() => client.destroy());
        await Promise.all(others.map((client) => once(client, 'connect')));
        for (const client of clients) client.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await Promise.all(clients.map((client) => once(client, 'data')));
        const ended = clients.map((client) => once(client.resume(), 'close'));
        await server.close();
        await Promise.all(ended);
      });
    }

    it('finishes responses in progress completely, and accepts no new connections', async () => {
      const held: ServerResponse[] = [];
      const body = 'x'.repeat(8 * 1024 * 1024);
      const { server, url, port } = await start({ handler: (_request, response) => void held.push(response) });
      const agent = new Agent({ keepAlive: true });
      cleanups.push(() => agent.destroy());
      const pending = [ask(url), ask(url, { agent })];
      await eventually(async () => held.length === 2);
      await dial(port);
      const closed = server.close();
      expect(server.close()).to.equal(closed);
      expect(await ask(url).catch(({ code }) => code)).to.equal('ECONNREFUSED');
      for (const response of held) response.end(body);
      for (const answer of await Promise.all(pending)) expect(answer.body).to.have.length(body.length);
      await closed;
    });

    it('closes unfinished connections after the grace period', async () => {
      let begun = false;
      const handler = () => {
        begun = true;
      };
      const { server, url } = await start({ handler, limits: { closeMilliseconds: 50 } });
      const pending = ask(url).catch(({ code }) => code);
      await eventually(async () => begun);
      await server.close();
      expect(await pending).to.equal('ECONNRESET');
    });
  });

  describe('with a web configuration', () => {
    const problems: WebConfigError[] = [];
    let folder: WebConfigFolder;

    const secure = async (config: string, options: Partial<HttpServerOptions> = {}) => {
      problems.length = 0;
      folder = await WebConfigFolder.make(config);
      cleanups.push(() => folder.remove());
      const onProblem = (error: WebConfigError) => problems.push(error);
      return start({ ...options, webConfig: await openWebConfig(folder.file, { lookMilliseconds: 0, onProblem }) });
    };
    const ca = pem('authority');
    const client = { ca, cert: pem('client'), key: pem('client-key') };
    const stranger = { ca, cert: pem('stranger'), key: pem('stranger-key') };
    const usersLines = (user: string, hash = hashOfSecret) => `basic_auth_users:\n  ${user}: ${hash}\n`;

    it('requires a user and a password for every path', async () => {
      const { url } = await secure(usersLines('alice'));
      for (const path of ['/metrics', '/-/healthy', '/nowhere']) {
        const { status, headers, body } = await ask(new URL(path, url).href);
        expect([status, body]).to.deep.equal([401, 'This server requires a user name and a password.\n']);
        expect(headers['www-authenticate']).to.equal('Basic realm="metrics", charset="UTF-8"');
      }
      expect((await ask(url, { auth: 'alice:wrong' })).status).to.equal(401);
      expect((await ask(url, { auth: 'mallory:secret' })).status).to.equal(401);
      expect(await ask(url, { auth: 'alice:secret' })).to.include({ status: 200, body: 'numbers' });
    });

    it('returns 503 when too many passwords wait to be checked', async () => {
      folder = await WebConfigFolder.make(usersLines('alice'));
      cleanups.push(() => folder.remove());
      const webConfig = await openWebConfig(folder.file, { lookMilliseconds: 60_000 });
      webConfig.current().passwords.verify = async () => 'busy';
      const { url } = await start({ webConfig });
      const { status, headers } = await ask(url, { auth: 'alice:secret' });
      expect([status, headers['retry-after']]).to.deep.equal([503, '1']);
    });

    it('returns 429 when an address sends too many wrong passwords, but not for cached passwords', async () => {
      const { url } = await secure(usersLines('alice'));
      expect((await ask(url, { auth: 'alice:secret' })).status).to.equal(200);
      const guesses = [];
      for (let guess = 0; guess < 20; guess++) guesses.push(await ask(url, { auth: `alice:${guess}` }));
      expect(guesses.slice(0, 10).map(({ status }) => status)).to.deep.equal(Array(10).fill(401));
      const limited = guesses.filter(({ status }) => status === 429);
      expect(limited).not.to.have.length(0);
      for (const { headers } of limited) expect(headers['retry-after']).to.equal('1');
      expect((await ask(url, { auth: 'alice:secret' })).status).to.equal(200);
    });

    it('sets the configured headers on every response', async () => {
      const { url } = await secure(
        `${usersLines('alice')}http_server_config:\n  headers:\n    X-Frame-Options: deny\n`,
      );
      for (const auth of ['', 'alice:secret'])
        expect((await ask(url, { auth })).headers['x-frame-options']).to.equal('deny');
    });

    it('applies changed users and headers without a restart, also on open connections', async () => {
      const { url } = await secure(usersLines('alice'));
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      cleanups.push(() => agent.destroy());
      expect((await ask(url, { agent, auth: 'alice:secret' })).status).to.equal(200);
      await folder.write(
        `${usersLines('alice', hashOfOther)}http_server_config:\n  headers: { X-Frame-Options: deny }\n`,
      );
      expect((await ask(url, { agent, auth: 'alice:secret' })).status).to.equal(401);
      const { status, headers } = await ask(url, { agent, auth: 'alice:other' });
      expect([status, headers['x-frame-options']]).to.deep.equal([200, 'deny']);
    });

    it('uses renewed certificates without a restart, and the old one while the new one is invalid', async () => {
      const { url } = await secure(tlsLines);
      expect(await ask(url, { ca })).to.include({ status: 200, certificate: 'server' });
      await folder.copy('renewed-server.pem', 'server.pem');
      expect((await ask(url, { ca })).certificate).to.equal('server');
      expect(problems.map(({ message }) => message)).to.have.length(1);
      await folder.copy('renewed-server-key.pem', 'server-key.pem');
      expect((await ask(url, { ca })).certificate).to.equal('renewed-server');
      expect(problems).to.have.length(1);
    });

    it('closes connections with old certificates after their next response', async () => {
      const { url } = await secure(tlsLines);
      const agent = new TlsAgent({ keepAlive: true, maxSockets: 1, ca });
      cleanups.push(() => agent.destroy());
      expect((await ask(url, { agent })).headers.connection).to.equal('keep-alive');
      expect((await ask(url, { agent })).headers.connection).to.equal('keep-alive');
      await folder.copy('renewed-server.pem', 'server.pem');
      await folder.copy('renewed-server-key.pem', 'server-key.pem');
      expect(await ask(url, { agent })).to.deep.include({ certificate: 'server' });
      expect((await ask(url, { agent })).certificate).to.equal('renewed-server');
    });

    it('uses the configured TLS versions', async () => {
      const { url } = await secure(`${tlsLines}  min_version: TLS13\n`);
      expect((await ask(url, { ca })).status).to.equal(200);
      expect(await ask(url, { ca, maxVersion: 'TLSv1.2' }).catch(() => 'refused')).to.equal('refused');
    });

    it('uses the configured cipher suites', async () => {
      const { port } = await secure(
        `${tlsLines}  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n  max_version: TLS12\n`,
      );
      const socket = connectTls({ port, host: '127.0.0.1', ca });
      cleanups.push(() => socket.destroy());
      await once(socket, 'secureConnect');
      expect(socket.getCipher().standardName).to.equal('TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384');
    });

    const table: readonly [type: string, none: boolean, unknown: boolean, known: boolean][] = [
      ['NoClientCert', true, true, true],
      ['RequestClientCert', true, true, true],
      ['RequireAnyClientCert', false, true, true],
      ['VerifyClientCertIfGiven', true, false, true],
      ['RequireAndVerifyClientCert', false, false, true],
    ];
    const lines = (type: string) =>
      `${tlsLines}  client_auth_type: ${type}\n${type === 'NoClientCert' ? '' : '  client_ca_file: authority.pem\n'}`;
    const admitted = async (url: string) => {
      const answers = [{ ca }, stranger, client].map((options) =>
        ask(url, options).then(
          ({ status }) => status === 200,
          () => false,
        ),
      );
      return Promise.all(answers);
    };
    for (const [type, ...expected] of table) {
      it(`accepts the right clients with ${type}`, async () => {
        const { url } = await secure(lines(type));
        expect(await admitted(url)).to.deep.equal(expected);
      });
    }

    it('applies a changed client authentication without a restart', async () => {
      const { url } = await secure(lines('NoClientCert'));
      for (const [type, ...expected] of [...table, ...table.toReversed()]) {
        await folder.write(lines(type));
        expect(await admitted(url), type).to.deep.equal(expected);
      }
      expect(problems).to.deep.equal([]);
    });

    it('rejects replaced authorities, also for resumed sessions', async () => {
      const { url, port } = await secure(lines('RequireAndVerifyClientCert'));
      const agent = new TlsAgent({ maxCachedSessions: 10, ...client });
      cleanups.push(() => agent.destroy());
      for (let i = 0; i < 2; i++) expect((await ask(url, { agent })).status, String(port)).to.equal(200);
      await folder.copy('stranger-authority.pem', 'authority.pem');
      expect(await ask(url, { agent }).catch(() => 'refused')).to.equal('refused');
      expect(await admitted(url)).to.deep.equal([false, true, false]);
    });

    it('ends incomplete handshakes after the timeout and when it is closed', async () => {
      const { port, url, server } = await secure(tlsLines, {
        limits: { handshakeMilliseconds: 1_000, closeMilliseconds: 50 },
      });
      const { received, socket } = await dial(port);
      socket.write('\x16\x03\x01');
      expect((await ask(url, { ca })).status).to.equal(200);
      await received.ended;
      const second = await dial(port);
      await server.close();
      await second.received.ended;
    });

    it('sends nothing to a plain HTTP client over a TLS port', async () => {
      const { port, url } = await secure(tlsLines);
      const { socket, received } = await dial(port);
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await received.ended;
      expect(received.text).not.to.include('HTTP');
      expect((await ask(url, { ca })).status).to.equal(200);
    });

    it('returns 431 for headers above the limit over TLS', async () => {
      const { port } = await secure(tlsLines);
      const socket = connectTls({ port, host: '127.0.0.1', ca }) as Socket;
      cleanups.push(() => socket.destroy());
      let answer = '';
      socket
        .on('error', () => {})
        .setEncoding('latin1')
        .on('data', (text: string) => {
          answer += text;
        });
      await once(socket, 'secureConnect');
      socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(16 * 1024)}\r\n\r\n`);
      await once(socket, 'close');
      expect(answer).to.match(/^HTTP\/1\.1 431 /);
    });
  });
});
