import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { ExchangeQueue } from '../../../lib/core/server/exchange-queue.js';
import { eventually } from '../../support/eventually.js';

describe('ExchangeQueue', () => {
  let server: Server;
  let started: { request: IncomingMessage; response: ServerResponse }[];
  const clients: Socket[] = [];

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    started.push({ request, response });
  };
  const urls = () => started.map(({ request }) => request.url);
  const finish = (index: number) => void started[index]?.response.end(String(index));

  beforeEach(async () => {
    started = [];
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Sends bytes over a new connection. The received text is collected in `text`. */
  const send = (bytes: string) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => socket.write(bytes));
    clients.push(socket);
    const received = { socket, text: '', closed: once(socket, 'close') };
    socket
      .on('error', () => {})
      .on('data', (data) => {
        received.text += data.toString('latin1');
      });
    return received;
  };
  const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`;
  const many = (count: number) => Array.from({ length: count }, (_, index) => get(`/${index}`)).join('');

  it('starts no request after a response that closes the connection', async () => {
    server.on('request', new ExchangeQueue().wrap(listener));
    const received = send(get('/0', 'Connection: close\r\n') + get('/1'));
    await eventually(async () => started.length === 1);
    started[0]?.response.setHeader('Connection', 'close');
    finish(0);
    await received.closed;
    await wait(20);
    expect(urls()).to.deep.equal(['/0']);
  });

  it('starts no request after a response over HTTP/1.0', async () => {
    server.on('request', new ExchangeQueue().wrap(listener));
    const received = send(`POST /0 HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx${get('/1')}`);
    await eventually(async () => started.length === 1);
    started[0]?.response.write('without a length');
    finish(0);
    await received.closed;
    await wait(20);
    expect(urls()).to.deep.equal(['/0']);
  });

  it('starts a pipelined request after the previous response is sent, and responds in order', async () => {
    server.on('request', new ExchangeQueue().wrap(listener));
    const received = send(many(3));
    await eventually(async () => started.length === 1);
    await wait(20);
    expect(urls()).to.deep.equal(['/0']);
    for (let index = 0; index < 3; index++) {
      await eventually(async () => started.length === index + 1);
      finish(index);
    }
    await eventually(async () => received.text.endsWith('2'));
    expect(received.text.match(/\r\n\r\n\d/g)).to.deep.equal(['\r\n\r\n0', '\r\n\r\n1', '\r\n\r\n2']);
    expect(urls()).to.deep.equal(['/0', '/1', '/2']);
  });

  it('handles different connections concurrently, and the requests of one connection one after the other', async () => {
    server.on('request', new ExchangeQueue().wrap(listener));
    send(get('/a'));
    send(get('/b'));
    await eventually(async () => started.length === 2);
    finish(0);
    finish(1);
    const { socket } = send(get('/c'));
    await eventually(async () => started.length === 3);
    finish(2);
    await once(socket, 'data');
    socket.write(get('/d'));
    await eventually(async () => started.length === 4);
  });

  it('passes on the body of a request that has waited', async () => {
    server.on('request', new ExchangeQueue().wrap(listener));
    const received = send(`${get('/')}POST /push HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody${get('/after')}`);
    await eventually(async () => started.length === 1);
    finish(0);
    await eventually(async () => started.length === 2);
    let body = '';
    for await (const chunk of started[1]?.request ?? []) body += chunk;
    expect(body).to.equal('body');
    finish(1);
    await eventually(async () => started.length === 3);
    finish(2);
    await eventually(async () => received.text.endsWith('\r\n\r\n2'));
  });

  it('closes a connection with too many waiting requests, and starts none of them', async () => {
    server.on('request', new ExchangeQueue({ requests: 3 }).wrap(listener));
    const within = send(many(4));
    await eventually(async () => started.length === 1);
    await wait(20);
    expect(within.socket.destroyed).to.equal(false);
    const beyond = send(many(5));
    await beyond.closed;
    expect(started).to.have.length(2);
  });

  it('closes a connection whose waiting requests have too many header characters', async () => {
    server.on('request', new ExchangeQueue({ headCharacters: 2_000 }).wrap(listener));
    const large = (name: string) => get(name, `X-Long: ${'x'.repeat(900)}\r\n`);
    const within = send(['/0', '/1', '/2'].map(large).join(''));
    await eventually(async () => started.length === 1);
    finish(0);
    await eventually(async () => started.length === 2);
    within.socket.write(large('/3'));
    finish(1);
    await eventually(async () => started.length === 3);
    await send(['/0', '/1', '/2', '/3'].map(large).join('')).closed;
  });

  it('drops the waiting requests of a disconnected client', async () => {
    server.on('request', new ExchangeQueue().wrap(listener));
    const { socket } = send(many(5));
    await eventually(async () => started.length === 1);
    socket.destroy();
    await once(started[0]?.response as ServerResponse, 'close');
    await wait(20);
    expect(urls()).to.deep.equal(['/0']);
  });

  it('wraps the existing listeners of a server, for each kind of request', async () => {
    server.on('request', listener).on('checkContinue', (request, response: ServerResponse) => {
      response.writeContinue();
      listener(request, response);
    });
    new ExchangeQueue().attach(server);
    const expecting = 'POST /push HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nb';
    const received = send(`${get('/first')}${expecting}`);
    await eventually(async () => started.length === 1);
    await wait(20);
    expect(urls()).to.deep.equal(['/first']);
    finish(0);
    await eventually(async () => started.length === 2);
    finish(1);
    await eventually(async () => received.text.endsWith('\r\n\r\n1'));
    expect(received.text).to.include('HTTP/1.1 100 Continue');
  });
});
