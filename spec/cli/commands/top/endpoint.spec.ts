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
