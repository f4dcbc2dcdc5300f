// Adds /metrics to an Express application. Call `mount` before the application listens.
import type { AddressInfo } from 'node:net';
import express from 'express';
import { getMetricsCollector, mount } from 'tinyllm';

const application = express();
mount(application);
application.get('/', (_request, response) => void response.send('the application itself'));

const server = application.listen(0, '127.0.0.1', async () => {
  getMetricsCollector().incrementCacheHit({ cacheType: 'response' });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  console.log(await (await fetch(url)).text());
  const response = await fetch(`${url}/metrics`);
  console.log(response.headers.get('content-type'));
  console.log((await response.text()).split('\n').find((line) => line.startsWith('tinyllm_cache_hits_total{')));
  server.close();
  server.closeAllConnections();
});
