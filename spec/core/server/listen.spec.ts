import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { expect } from 'chai';
import { ListenError } from '../../../lib/core/errors/errors.js';
import { listen, listeningUrl } from '../../../lib/core/server/listen.js';

describe('listen', () => {
  const open: Server[] = [];
  const server = () => {
    const made = createServer();
    open.push(made);
    return made;
  };
  const failure = (host: string, port: number) =>
    listen(server(), host, port).then(
      () => expect.fail('it listened'),
      (error: ListenError) => error,
    );

  afterEach(async () => {
    for (const one of open.splice(0).filter(({ listening }) => listening)) await once(one.close(), 'close');
  });

  it('returns the port that the system picked', async () => {
    expect(await listen(server(), '127.0.0.1', 0)).to.be.within(1, 65_535);
  });

  it('explains that a port is in use, and keeps the cause', async () => {
    const port = await listen(server(), '127.0.0.1', 0);
    const error = await failure('127.0.0.1', port);
    expect(error).to.be.instanceOf(ListenError).and.include({ host: '127.0.0.1', port });
    expect(error.message).to.match(
      /^Port \d+ on 127\.0\.0\.1 is already in use; stop the program that uses it, or .+\.$/,
    );
    expect(error.cause).to.include({ code: 'EADDRINUSE' });
  });

  for (const port of [-1, 65_536, 1.5, Number.NaN, '9090' as never]) {
    it(`rejects the port ${String(port)}`, async () => {
      const error = await failure('127.0.0.1', port);
      expect(error).to.be.instanceOf(ListenError);
      const got = typeof port === 'string' ? `"${port}"` : String(port);
      expect(error.message).to.equal(`The port is ${got}; expected a whole number from 0 to 65535.`);
    });
  }

  it('explains that a host cannot be resolved', async () => {
    const error = await failure('no-such-host.invalid', 0);
    expect(error).to.be.instanceOf(ListenError);
    expect(error.message).to.match(/^The host no-such-host\.invalid cannot be resolved; use 127\.0\.0\.1, .+\.$/);
  });

  it('explains that an address is not one of this machine', async () => {
    const error = await failure('192.0.2.1', 0);
    expect(error).to.be.instanceOf(ListenError);
    expect(error.message).to.match(/^192\.0\.2\.1 is not an address of this machine; use .+\.$/);
  });

  it('rejects an empty host, which would mean all addresses', async () => {
    const error = await failure('', 0);
    expect(error).to.be.instanceOf(ListenError);
    expect(error.message).to.equal('The host is empty; use 127.0.0.1, or 0.0.0.0 for all addresses.');
  });
});

describe('listeningUrl', () => {
  it('puts an IPv6 address in brackets, and uses http by default', () => {
    expect(listeningUrl('127.0.0.1', 9090)).to.equal('http://127.0.0.1:9090');
    expect(listeningUrl('::1', 9090, 'https')).to.equal('https://[::1]:9090');
  });
});
