import 'reflect-metadata';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect } from 'chai';
import express from 'express';
import fastify from 'fastify';
import { IntegrationError } from '../../../lib/core/errors/errors.js';
import { getMetricsCollector } from '../../../lib/core/index.js';
import { mount } from '../../../lib/core/integrations/mount.js';

/** The URL of an application, and how to stop it. */
interface Application {
  readonly url: string;
  close(): Promise<unknown>;
}

class Root {}
Module({})(Root);

async function listening(listener: RequestListener): Promise<Application> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}

const applications: Readonly<Record<string, (path?: string) => Promise<Application>>> = {
  Express: async (path) => {
    const application = express();
    mount(application, { path });
    application.get('/', (_request, response) => void response.send('ours'));
    return listening(application);
  },
  'a router of Express': async (path) => {
    const router = express.Router();
    mount(router, { path });
    const application = express().use(router);
    application.get('/', (_request, response) => void response.send('ours'));
    return listening(application);
  },
  Fastify: async (path) => {
    const application = fastify();
    mount(application, { path });
    application.get('/', async () => 'ours');
    const url = await application.listen({ port: 0, host: '127.0.0.1' });
    return { url, close: () => application.close() };
  },
  Nest: async (path) => {
    const application = await NestFactory.create(Root, { logger: false });
    mount(application, { path });
    application.getHttpAdapter().get('/', (_request: unknown, response: { send(text: string): void }) => {
      response.send('ours');
    });
    await application.listen(0, '127.0.0.1');
    return { url: await application.getUrl(), close: () => application.close() };
  },
};

describe('mounted metrics', () => {
  for (const [framework, start] of Object.entries(applications)) {
    describe(`in ${framework}`, () => {
      it("are served in the requested format, together with the application's own routes", async () => {
        getMetricsCollector().incrementCacheHit({ cacheType: 'mounted' });
        const { url, close } = await start();
        try {
          const text = await fetch(`${url}/metrics`);
          expect(text.status).to.equal(200);
          expect(text.headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
          expect(text.headers.get('content-encoding')).to.equal('gzip');
          expect(await text.text()).to.match(/tinyllm_cache_hits_total\{cache_type="mounted"\} [1-9]/);
          const accept = 'application/openmetrics-text; version=1.0.0';
          const filter = 'name[]=tinyllm_cache_hits_total';
          const open = await fetch(`${url}/metrics?${filter}`, { headers: { accept, 'accept-encoding': 'identity' } });
          expect(open.headers.get('content-type')).to.match(/^application\/openmetrics-text/);
          expect((await open.text()).split('\n'))
            .to.include('# EOF')
            .and.include('# TYPE tinyllm_cache_hits counter');
          const head = await fetch(`${url}/metrics`, { method: 'HEAD' });
          expect([head.status, await head.text()]).to.deep.equal([200, '']);
          expect(await (await fetch(url)).text()).to.equal('ours');
        } finally {
          await close();
        }
      });

      it('are served at the path of the options', async () => {
        const { url, close } = await start('/internal/metrics');
        try {
          expect((await fetch(`${url}/metrics`)).status).to.equal(404);
          expect((await fetch(`${url}/internal/metrics`)).status).to.equal(200);
        } finally {
          await close();
        }
      });
    });
  }

  it('can be mounted only on an object with routes', () => {
    for (const wrong of [{}, createServer(), null, new Map()]) {
      expect(() => mount(wrong as object)).to.throw(IntegrationError, 'an application of Fastify, Express or Nest');
    }
    expect(() => mount({})).to.throw(
      'mount got an object without the methods "get" and "route"; expected an application of Fastify, Express or Nest. ' +
        'Without such an application, call startMetricsServer().',
    );
    expect(() => mount(() => {})).to.throw(/^mount got a function without the methods "get" and "route";/);
    for (const [wrong, name] of [
      [undefined, 'a value of type undefined'],
      [null, 'null'],
    ] as const) {
      expect(() => mount(wrong as unknown as object)).to.throw(new RegExp(`^mount got ${name};`));
    }
  });
});
