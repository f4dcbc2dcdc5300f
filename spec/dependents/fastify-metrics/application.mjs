import fastify from 'fastify';
import fastifyMetrics from 'fastify-metrics';
import { startMetricsServer } from 'tinyllm';
import { runWithSpec } from './support.cjs';

const application = fastify({ forceCloseConnections: true });
await application.register(fastifyMetrics, { endpoint: '/metrics' });
application.get('/books/:id', async (request, reply) => {
  if (request.params.id === '0') return reply.code(404).send('There is no such book.');
  return 'A book.';
});
application.post('/books', async (_request, reply) => reply.code(201).send('A new book.'));

const url = await application.listen({ port: 0, host: '127.0.0.1' });
const metrics = await startMetricsServer({ port: 0 });
runWithSpec({ application: url, metrics: metrics.url }, async () => {
  await application.close();
  await metrics.close();
});
