import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { LandingPage } from '../../../lib/core/server/landing-page.js';

describe('LandingPage', () => {
  const html = '<!doctype html><title>Übersicht</title>';
  let server: Server;
  let url: string;

  before(async () => {
    const zippedHtml = gzipSync(html).toString('base64');
    const page = new LandingPage({ zippedHtml, contentSecurityPolicy: "default-src 'none'" });
    server = createServer((request, response) => void page.answer(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  after(() => {
    server.close();
  });

  const ask = async (headers: Readonly<Record<string, string>> = {}, method = 'GET') => {
    const request = get(url, { headers, method });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
  };

  it('is sent with a content security policy and caching headers', async () => {
    const { status, headers, body } = await ask();
    expect(status).to.equal(200);
    expect(body.toString()).to.equal(html);
    expect(headers).to.include({
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(Buffer.byteLength(html)),
      'content-security-policy': "default-src 'none'",
      'x-content-type-options': 'nosniff',
      vary: 'Accept, Accept-Encoding',
      'cache-control': 'no-cache',
    });
  });

  it('is compressed if the client accepts gzip', async () => {
    const { headers, body } = await ask({ 'Accept-Encoding': 'gzip, br' });
    expect(headers['content-encoding']).to.equal('gzip');
    expect(gunzipSync(body).toString()).to.equal(html);
  });

  it('is not sent again to a client with a current copy', async () => {
    for (const coding of ['identity', 'gzip']) {
      const first = await ask({ 'Accept-Encoding': coding });
      const tag = first.headers.etag ?? '';
      const again = await ask({ 'Accept-Encoding': coding, 'If-None-Match': `"other", W/${tag}` });
      expect([again.status, again.body.length, again.headers.etag]).to.deep.equal([304, 0, tag]);
      expect((await ask({ 'Accept-Encoding': coding, 'If-None-Match': '"other"' })).status).to.equal(200);
    }
  });

  it('responds to HEAD like GET, without the body', async () => {
    const { headers, body } = await ask({}, 'HEAD');
    expect(headers['content-length']).to.equal(String(Buffer.byteLength(html)));
    expect(body).to.have.length(0);
  });
});
