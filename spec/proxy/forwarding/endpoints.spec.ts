import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { mayBeRepeated, onlyReads } from '../../../lib/proxy/forwarding/endpoints.js';
import { freePort } from '../../support/free-port.js';
import { proxyOf, type TestedProxy } from '../../support/proxy/proxy-of.js';

const repeated: readonly [method: string, path: string][] = [
  ['GET', '/api/tags'],
  ['HEAD', '/'],
  ['OPTIONS', '/api/chat'],
  ['POST', '/api/generate'],
  ['POST', '/api/chat?x=1'],
  ['POST', '/api/embed/'],
  ['POST', '/v1/chat/completions'],
  ['POST', '/openai/v1/chat/completions'],
  ['POST', '/openai/deployments/tiny/embeddings?api-version=1'],
  ['POST', '/v1/messages/count_tokens'],
  ['POST', '/v1beta/models/tiny:generateContent'],
];
const atMostOnce: readonly [method: string, path: string][] = [
  ['POST', '/api/create'],
  ['POST', '/api/pull'],
  ['POST', '/api/push'],
  ['POST', '/api/copy'],
  ['POST', '/api/create?then=/api/chat'],
  ['POST', '/api/create#/v1/chat/completions'],
  ['POST', '/api/chat/../create'],
  ['POST', '/api/blobs/sha256:0'],
  ['POST', '/v1/files'],
  ['POST', '/v1/responses'],
  ['POST', '/v1/threads/t/messages'],
  ['POST', '/v1/chat/completions/c/messages'],
  ['POST', '/user/api/generate'],
  ['POST', '/'],
  ['DELETE', '/api/delete'],
  ['DELETE', '/v1/files/f'],
  ['DELETE', '/api/chat'],
  ['PUT', '/api/chat'],
  ['PUT', '/v1/files/f'],
  ['PATCH', '/v1/chat/completions'],
  ['QUERY', '/v1/chat/completions'],
];

describe('onlyReads', () => {
  const requests: readonly [method: string, headers: Readonly<Record<string, string>>, expected: boolean][] = [
    ['GET', {}, true],
    ['HEAD', { 'content-length': '0' }, true],
    ['GET', { 'content-length': '1' }, false],
    ['HEAD', { 'transfer-encoding': 'chunked' }, false],
    ['OPTIONS', {}, false],
    ['POST', {}, false],
  ];
  for (const [method, headers, expected] of requests) {
    it(`is ${expected} for ${method} with ${JSON.stringify(headers)}`, () =>
      expect(onlyReads({ method, headers })).to.equal(expected));
  }
});

describe('mayBeRepeated', () => {
  for (const [method, url] of repeated) {
    it(`retries ${method} ${url}`, () => expect(mayBeRepeated({ method, url })).to.equal(true));
  }
  for (const [method, url] of atMostOnce) {
    it(`sends ${method} ${url} at most once`, () => expect(mayBeRepeated({ method, url })).to.equal(false));
  }

  describe('with upstreams that close the connection after they have read a request', () => {
    /** Number of times that the upstreams received each request, added up, by method and target. */
    let arrivals: Map<string, number>;
    const closing: (() => Promise<unknown>)[] = [];

    beforeEach(() => {
      arrivals = new Map();
    });

    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close();
    });

    /**
     * If `answersFirst`, responds to the first request of each connection. Closes the connection without a response
     * after every other request.
     */
    async function closingUpstream(answersFirst: boolean): Promise<string> {
      const served = new WeakSet<Socket>();
      const server = createServer(async (incoming, response) => {
        const name = `${incoming.method} ${incoming.url}`;
        await text(incoming).catch(() => '');
        arrivals.set(name, (arrivals.get(name) ?? 0) + 1);
        if (!answersFirst || served.has(incoming.socket)) incoming.socket.resetAndDestroy();
        else response.end('ok');
        served.add(incoming.socket);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      closing.push(() => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }

    async function proxyTo(urls: readonly string[]): Promise<TestedProxy> {
      const proxy = await proxyOf(urls);
      closing.push(() => proxy.close());
      return proxy;
    }

    type Body = 'none' | 'small' | 'streamed';

    /** Sends a request like a client with a keep-alive connection, and resolves with the status. */
    async function ask(proxy: TestedProxy, method: string, path: string, body: Body, agent: Agent): Promise<number> {
      const framing = { none: {}, small: { 'Content-Length': 2 }, streamed: { 'Transfer-Encoding': 'chunked' } };
      const outgoing = request(proxy.url, { method, path, agent, headers: framing[body] });
      if (body === 'streamed') for (let piece = 0; piece < 3; piece++) outgoing.write('a'.repeat(1_000));
      outgoing.end(body === 'none' ? undefined : '{}');
      const [answer] = await once(outgoing, 'response');
      answer.resume();
      await once(answer, 'close');
      return answer.statusCode;
    }

    const count = (method: string, path: string) => arrivals.get(`${method} ${path}`) ?? 0;
    const sent = atMostOnce.filter(([, path]) => !path.includes('#'));

    for (const body of ['none', 'small', 'streamed'] as const) {
      for (const several of [false, true]) {
        it(`retries only requests that may be repeated: ${several ? 'several upstreams' : 'one upstream'}, body ${body}`, async () => {
          const agent = new Agent({ keepAlive: true });
          closing.push(async () => agent.destroy());
          for (const kept of [true, false]) {
            const urls = [await closingUpstream(kept), ...(several ? [await closingUpstream(kept)] : [])];
            const proxy = await proxyTo(urls);
            for (const [method, path] of sent) {
              arrivals.clear();
              // These leave an idle connection to each upstream. The upstream closes it when it is reused.
              await Promise.all(urls.map(() => ask(proxy, 'GET', '/first', 'none', agent)));
              const status = await ask(proxy, method, path, body, agent);
              expect(count(method, path), `${method} ${path}`).to.equal(1);
              // A request that must not be repeated uses a new connection, which no earlier request closes.
              expect(status, `${method} ${path}`).to.equal(kept ? 200 : 502);
            }
            for (const [method, path] of repeated) {
              arrivals.clear();
              await ask(proxy, 'GET', '/first', 'none', agent);
              await ask(proxy, method, path, body, agent);
              expect(count(method, path), `${method} ${path}`).to.be.within(1, 2);
            }
          }
        });
      }
    }

    it('works with a client that retries by itself', async () => {
      const proxy = await proxyTo([await closingUpstream(false)]);
      for (const [method, path] of sent.filter(([, target]) => !target.includes('..'))) {
        const answer = await fetch(proxy.url + path, { method, body: '{}' });
        expect(answer.status).to.equal(502);
        expect(await answer.text()).to.match(/may have received the request/);
      }
      expect([...arrivals.values()].every((times) => times === 1)).to.equal(true);
    });

    it('sends any request to another upstream if the first accepts no connection', async () => {
      const urls = [`http://127.0.0.1:${await freePort()}`, await closingUpstream(true)];
      const agent = new Agent();
      for (const [method, path] of sent) {
        expect(await ask(await proxyTo(urls), method, path, 'small', agent), `${method} ${path}`).to.equal(200);
        expect(count(method, path), `${method} ${path}`).to.equal(1);
        arrivals.clear();
      }
    });
  });
});
