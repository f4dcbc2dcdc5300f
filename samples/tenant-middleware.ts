// Sets the label `tenant` for each request of an Express and of a Fastify application, from a header.
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import { configureMetrics, registry, TrackRequest, withLabels } from 'tinyllm';

configureMetrics({ labels: ['tenant'] });

class Assistant {
  @TrackRequest({ model: 'echo', graph: 'assistant' })
  async generate(prompt: string) {
    return { text: prompt.toUpperCase(), usage: { inputTokens: 2, outputTokens: 2 } };
  }
}

const assistant = new Assistant();

// Clients can send any text in a header. Only known tenants become label values, so the number of series is limited.
const tenants = new Set(['acme', 'globex']);

function tenantOf(header: unknown): string {
  return typeof header === 'string' && tenants.has(header) ? header : 'unknown';
}

// Express: the rest of the request runs inside `next`.
const expressApplication = express();
expressApplication.use((request, _response, next) => {
  withLabels({ tenant: tenantOf(request.headers['x-tenant']) }, next);
});
expressApplication.use(express.json());
expressApplication.post('/ask', async (request, response) => {
  response.json(await assistant.generate(request.body.question));
});

// Fastify: the handler runs inside `done`.
const fastifyApplication = fastify();
fastifyApplication.addHook('preHandler', (request, _reply, done) => {
  withLabels({ tenant: tenantOf(request.headers['x-tenant']) }, done);
});
fastifyApplication.post<{ Body: { question: string } }>('/ask', async (request) => {
  return assistant.generate(request.body.question);
});

async function ask(url: string, tenant: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'X-Tenant': tenant };
  const response = await fetch(`${url}/ask`, { method: 'POST', headers, body: '{ "question": "hello there" }' });
  console.log(((await response.json()) as { readonly text: string }).text);
}

const server = expressApplication.listen(0, '127.0.0.1', async () => {
  const expressUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fastifyUrl = await fastifyApplication.listen({ port: 0, host: '127.0.0.1' });
  await ask(expressUrl, 'acme');
  await ask(fastifyUrl, 'globex');
  await ask(expressUrl, 'invented');
  await ask(fastifyUrl, 'acme');
  for (const line of (await registry.metrics()).split('\n')) {
    if (line.startsWith('tinyllm_requests_total{')) console.log(line);
  }
  server.close();
  server.closeAllConnections();
  await fastifyApplication.close();
});
