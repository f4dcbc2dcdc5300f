import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type ScrapedApplication, startApplication } from '../support/scraped/start-application.js';

const metrics = 40;
const accepted = {
  text: 'text/plain;version=0.0.4',
  protobuf: 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
};
/** Buffers of the connection, of the compression and of strings that are written. */
const otherBytes = 2 * 1024 * 1024;

describe('a large scrape', function () {
  this.timeout(60_000);

  let application: ScrapedApplication;
  before(async () => {
    application = await startApplication('large-registry.js', String(metrics), '1000');
  });
  after(() => application?.close());

  async function command(message: string): Promise<unknown> {
    const answered = once(application.process, 'message');
    application.process.send(message);
    return (await answered)[0];
  }

  /** Reads a scrape, with pauses. Returns its size. */
  async function readSlowly(accept: string, encoding: string): Promise<number> {
    const request = get(`${application.url}/metrics`, { headers: { accept, 'accept-encoding': encoding } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let size = 0;
    let paused = 0;
    for await (const piece of response) {
      size += (piece as Buffer).length;
      if (size - paused < 512 * 1024) continue;
      paused = size;
      await sleep(50);
    }
    return size;
  }

  for (const [format, accept] of Object.entries(accepted)) {
    for (const encoding of ['identity', 'gzip']) {
      it(`needs at most twice the memory of its largest metric (${format}, ${encoding})`, async () => {
        const size = await readSlowly(accept, 'identity');
        await command('start');
        await readSlowly(accept, encoding);
        const used = (await command('stop')) as number;
        expect(used).to.be.lessThan((2 * size) / metrics + otherBytes);
        expect(used).to.be.lessThan(size);
      });
    }
  }
});
