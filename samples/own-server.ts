// Serves the metrics from your own HTTP server. `registry` has the interface of a prom-client Registry.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getMetricsCollector, registry } from 'tinyllm';

const server = createServer(async (request, response) => {
  if (request.url === '/metrics') {
    response.setHeader('Content-Type', registry.contentType).end(await registry.metrics());
  } else {
    response.end('the application itself');
  }
});

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address() as AddressInfo;
  getMetricsCollector().incrementCacheHit({ cacheType: 'response' });

  console.log(await (await fetch(`http://127.0.0.1:${port}/`)).text());
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  console.log(response.headers.get('content-type'));
  console.log((await response.text()).split('\n').find((line) => line.startsWith('tinyllm_cache_hits_total{')));
  server.close();
});
