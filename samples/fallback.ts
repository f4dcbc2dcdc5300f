// A model that fails: its requests are retried, its circuit breaker opens, and a fallback model answers.
import { createServer } from 'node:http';
import { connectModels } from '@tinyllm/executor';
import { registry } from 'tinyllm';

// An overloaded server. With a real Ollama, the code below is the same.
const server = createServer((_request, response) => {
  response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":"overloaded"}');
});
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
const { port } = server.address() as { port: number };

const models = await connectModels({
  models: {
    default: {
      provider: 'ollama',
      model: 'qwen2.5:0.5b',
      base_url: `http://127.0.0.1:${port}`,
      timeout: 30,
      retry: { attempts: 2, initial_delay: 0.01 },
      breaker: { failures: 2, open_for: 30 },
      price: { input: 0.1, output: 0.4 },
      fallback: ['sums'],
    },
    sums: { provider: 'embedded', price: { input: 0, output: 0 } },
  },
});

for (const prompt of ['What is 6 times 7?', 'What is 15% of 80?']) {
  const { text, model } = await models.default.generate({ prompt, graph: 'samples' });
  console.log(`${text}, says ${model}`);
}
await models.close();
server.close();

const wanted = ['retries', 'fallbacks', 'circuit_breaker', 'cost'];
for (const line of (await registry.metrics()).split('\n')) {
  if (wanted.some((name) => line.startsWith(`tinyllm_${name}`))) console.log(line);
}
