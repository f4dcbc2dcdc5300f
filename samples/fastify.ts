// Adds /metrics to a Fastify application. Call `mount` before the application listens.
import fastify from 'fastify';
import { getMetricsCollector, mount } from 'tinyllm';

const application = fastify();
mount(application);
application.get('/', async () => 'the application itself');

const url = await application.listen({ port: 0, host: '127.0.0.1' });
getMetricsCollector().incrementCacheHit({ cacheType: 'response' });
console.log(await (await fetch(url)).text());
const response = await fetch(`${url}/metrics`);
console.log(response.headers.get('content-type'));
console.log((await response.text()).split('\n').find((line) => line.startsWith('tinyllm_cache_hits_total{')));
await application.close();
