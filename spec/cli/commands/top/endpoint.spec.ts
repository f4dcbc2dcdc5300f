import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Endpoint } from '../../../../cli/commands/top/endpoint.js';
import { EndpointError } from '../../../../cli/commands/top/endpoint-error.js';
import { startFakeServer } from '../../../support/fake-server.js';

describe('an endpoint that top reads', () => {
  it('is rejected if its response is too large', async () => {
    const piece = '#'.repeat(1024 * 1024);
    const server = await startFakeServer(() => ({
      contentType: 'text/plain',
      pieces: Array.from({ length: 66 }, () => piece),
      ending: 'stay',
    }));
    try {
      const endpoint = new Endpoint({ url: server.url, authorization: undefined, timeoutSeconds: 15 });
      const error = await endpoint.read(new AbortController().signal).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(EndpointError).with.property('message');
      expect(String(error)).to.include('responds with more than 64 MiB; expected the URL of a metrics endpoint.');
    } finally {
      await server.close();
    }
  });

  it('is asked for OpenMetrics 2.0, and otherwise for the text format', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer(({ url, headers }, response) => {
      seen.push(url, headers.accept);
      response.setHeader('Content-Type', 'application/openmetrics-text; version=2.0.0; charset=utf-8');
      response.end('tinyllm_requests_total{model="m"} 3 st@5\n# EOF\n');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      for (const path of ['/metrics', '/federate?match[]={job="a%20b"}', '/metrics?openmetrics2=0']) {
        const endpoint = new Endpoint({ url: `http://127.0.0.1:${port}${path}`, authorization: undefined });
        const { families } = await endpoint.read(new AbortController().signal);
        const [series] = [...(families.get('tinyllm_requests_total')?.values() ?? [])];
        expect(series).to.deep.include({ start: 5, values: new Map([['', 3]]) });
      }
      const accept = 'application/openmetrics-text;version=2.0.0,text/plain;version=0.0.4;q=0.5';
      expect(seen).to.deep.equal([
        ...['/metrics?openmetrics2=1', accept],
        ...['/federate?match[]={job=%22a%20b%22}&openmetrics2=1', accept],
        ...['/metrics?openmetrics2=0', accept],
      ]);
    } finally {
      server.close();
    }
  });

  it('decodes characters that are split between chunks', async () => {
    const bytes = Buffer.from('# TYPE tinyllm_requests_total counter\ntinyllm_requests_total{model="ü",graph="g"} 4\n');
    const place = bytes.indexOf(0xbc);
    const server = await startFakeServer(() => ({
      contentType: 'text/plain; version=0.0.4',
      pieces: [bytes.subarray(0, place), bytes.subarray(place)],
    }));
    try {
      const endpoint = new Endpoint({ url: server.url, authorization: undefined });
      const { families } = await endpoint.read(new AbortController().signal);
      const series = [...(families.get('tinyllm_requests_total')?.values() ?? [])];
      expect(series.map(({ labels }) => labels.model)).to.deep.equal(['ü']);
    } finally {
      await server.close();
    }
  });
});
