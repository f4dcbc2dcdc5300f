import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { checkMetrics } from '../../../../cli/commands/doctor/check-metrics.js';
import { getMetricsCollector } from '../../../../lib/core/collector/shared-collector.js';
import { startMetricsServer } from '../../../../lib/core/server/metrics-server.js';
import { json, startFakeServer } from '../../../support/fake-server.js';
import { freePort } from '../../../support/free-port.js';
import { inFreshProcess } from '../../../support/fresh-process.js';

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

describe('checkMetrics', () => {
  it('serves and reads metrics, and releases the port', async () => {
    expect(await checkMetrics(0)).to.include({ check: 'metrics', verdict: 'ok' });
    const port = await freePort();
    for (const _ of [1, 2]) {
      expect((await checkMetrics(port, false)).found).to.equal(
        `metrics can be served and read at http://127.0.0.1:${port}/metrics`,
      );
    }
  });

  it('serves without metrics if they are off', async () => {
    const script = `
      const { checkMetrics } = await import('./cli/commands/doctor/check-metrics.ts');
      process.stdout.write(JSON.stringify(await checkMetrics(0, false)), () => process.exit());
    `;
    const { verdict, found } = JSON.parse(await inFreshProcess(script, { env: { TINYLLM_METRICS: 'off' } }));
    expect(verdict).to.equal('ok');
    expect(found).to.match(/^a server of disabled metrics responds at http:\S+$/);
  });

  it('reports that another TinyLLM uses the port, with its request count', async () => {
    getMetricsCollector().incrementRequestCount({ model: 'm', graph: 'doctor', requestType: 'generate' });
    const server = await startMetricsServer({ port: 0, thread: false });
    try {
      const { verdict, found, fix } = await checkMetrics(server.port, false);
      expect(verdict).to.equal('failed');
      expect(found).to.match(
        /^port \d+ is in use by a TinyLLM process, which serves \S+ and has counted [1-9]\d* requests$/,
      );
      expect(fix).to.include('--metrics-port 0').and.to.include(String(server.port));
    } finally {
      await server.close();
    }
  });

  it('reads at most 64 MiB from another server', async () => {
    const http = await startFakeServer(() => ({ pieces: ['x'.repeat(2 ** 18)], ending: 'repeat' }));
    try {
      const { found } = await checkMetrics(Number(new URL(http.url).port), false);
      expect(found).to.match(/in use by another HTTP server$/);
      expect(http.sent()).to.be.below(80 * 2 ** 20);
    } finally {
      await http.close();
    }
  });

  it('reports that another server or program uses the port', async () => {
    const http = await startFakeServer(() => json({}));
    const mute = createServer((socket) => socket.on('error', () => undefined).end('220 hello\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(mute, 'listening');
    try {
      expect((await checkMetrics(Number(new URL(http.url).port), false)).found).to.match(
        /in use by another HTTP server$/,
      );
      expect((await checkMetrics(portOf(mute), false)).found).to.match(/in use by a program that is no HTTP server$/);
    } finally {
      mute.close();
      await http.close();
    }
  });
});
