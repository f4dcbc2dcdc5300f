import { expect } from 'chai';
import { Counter } from '../../../lib/core/metrics/custom/counter.js';
import { Histogram } from '../../../lib/core/metrics/custom/histogram.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { compressions } from '../../../lib/core/server/compress.js';
import { type MetricsServer, startMetricsServer } from '../../../lib/core/server/metrics-server.js';
import { decompress } from '../../support/decompress.js';
import { send } from '../../support/send-scrape.js';

const openMetrics = 'application/openmetrics-text';

describe('a scrape', () => {
  let server: MetricsServer;
  let offering: MetricsServer;
  let names: readonly [metric: string, label: string];

  before(async () => {
    const registry = new SharedRegistry();
    names = ['http.requests', 'http.method'];
    const [name, label] = names;
    const requests = new Counter({ name, help: 'A.', labelNames: [label, 'code'], registers: [registry] });
    requests.inc({ [label]: 'GET', code: '200' }, 3);
    new Histogram({ name: 'wait_seconds', help: 'B.', buckets: [1], registers: [registry] }).observe(0.5);
    const options = { port: 0, registry, page: false };
    [server, offering] = await Promise.all([
      startMetricsServer({ ...options, thread: false }),
      startMetricsServer({ ...options, openMetrics2: true }),
    ]);
  });

  after(() => Promise.all([server.close(), offering.close()]));

  const typeOf = async (accept: string, from = server, query = '') =>
    (await send(`${from.url}/metrics${query}`, { accept })).headers['content-type'];

  it('states the chosen format, and the escaping if the client names one', async () => {
    const types: Readonly<Record<string, string>> = {
      '*/*': 'text/plain; version=0.0.4; charset=utf-8',
      'text/plain;version=0.0.4;escaping=values': 'text/plain; version=0.0.4; charset=utf-8',
      'text/plain;version=1.0.0': 'text/plain; version=1.0.0; charset=utf-8; escaping=underscores',
      [openMetrics]: `${openMetrics}; version=1.0.0; charset=utf-8`,
      [`${openMetrics};version=1.0.0;escaping=allow-utf-8`]: `${openMetrics}; version=1.0.0; charset=utf-8; escaping=allow-utf-8`,
      [`${openMetrics};version=2.0.0`]: 'text/plain; version=0.0.4; charset=utf-8',
    };
    for (const [accept, type] of Object.entries(types)) expect(await typeOf(accept)).to.equal(type);
  });

  it('has OpenMetrics 2.0 if the server or the request offers it', async () => {
    const accept = `${openMetrics};version=2.0.0;escaping=allow-utf-8,${openMetrics};version=1.0.0;q=0.5`;
    expect(await typeOf(accept)).to.equal(`${openMetrics}; version=1.0.0; charset=utf-8`);
    const type = `${openMetrics}; version=2.0.0; charset=utf-8; escaping=allow-utf-8`;
    expect(await typeOf(accept, offering)).to.equal(type);
    expect(await typeOf(accept, server, '?openmetrics2=1')).to.equal(type);
    const { body } = await send(`${offering.url}/metrics`, { accept });
    expect(body.toString()).to.match(
      /^# TYPE "http.requests" counter\n# HELP "http.requests" A\.\n\{"http.requests","http.method"="GET",code="200"\} 3 st@\d+(\.\d+)?\n# TYPE wait_seconds histogram\n# HELP wait_seconds B\.\nwait_seconds \{count:1,sum:0.5,bucket:\[1:1,\+Inf:1\]\} st@\d+(\.\d+)?\n# EOF\n$/,
    );
  });

  it('writes UTF-8 names as the client requests', async () => {
    const samples: Readonly<Record<string, string>> = {
      'text/plain;version=0.0.4': 'http_requests{http_method="GET",code="200"} 3',
      'text/plain;version=0.0.4;escaping=values': 'U__http_2e_requests{U__http_2e_method="GET",code="200"} 3',
      'text/plain;version=1.0.0;escaping=allow-utf-8': '{"http.requests","http.method"="GET",code="200"} 3',
      [`${openMetrics};escaping=dots`]: 'http_dot_requests{http_dot_method="GET",code="200"} 3',
    };
    for (const [accept, sample] of Object.entries(samples)) {
      for (const one of [server, offering]) {
        const { body } = await send(`${one.url}/metrics?name[]=http.requests`, { accept });
        expect(body.toString().split('\n')).to.include(sample);
        expect(body.toString()).not.to.contain('wait_seconds');
      }
    }
    for (const name of ['http_dot_requests', 'http.requests']) {
      const accept = `${openMetrics};escaping=dots`;
      const { body } = await send(`${server.url}/metrics?name[]=${name}`, { accept });
      expect(body.toString()).to.contain('http_dot_requests{');
    }
  });

  it('is compressed as the client and this version of Node allow', async () => {
    const plain = await send(`${server.url}/metrics?name[]=http.requests`, {});
    expect(plain.headers).not.to.have.property('content-encoding');
    for (const encoding of compressions) {
      const url = `${server.url}/metrics?name[]=http.requests`;
      const { headers, body } = await send(url, { 'accept-encoding': `${encoding}, br` });
      expect(headers).to.include({ 'content-encoding': encoding, vary: 'Accept, Accept-Encoding' });
      expect(decompress(body, encoding)).to.deep.equal(plain.body);
    }
    const { headers } = await send(`${server.url}/metrics`, { 'accept-encoding': 'zstd,gzip' });
    expect(headers['content-encoding']).to.equal(compressions[0]);
  });
});
