// Calls any server with OpenAI's API. The client records the metrics, so you need no decorators. This sample starts a
// small server, so that it runs anywhere. Use the base URL of vLLM, llama.cpp's server or LM Studio instead.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ModelChunk, ModelError, selectModelClient } from '@tinyllm/executor';
import { registry } from 'tinyllm';

const events = [
  { choices: [{ delta: { content: 'Rayleigh ' }, finish_reason: null }] },
  { choices: [{ delta: { content: 'scattering.' }, finish_reason: 'stop' }] },
  { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } },
];
let busy = false;
const server = createServer((_request, response) => {
  if (busy) {
    response.writeHead(429, { 'Content-Type': 'application/json', 'Retry-After': '3' });
    response.end(JSON.stringify({ error: { message: 'too many requests' } }));
    return;
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
  response.end('data: [DONE]\n\n');
});
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
const { port } = server.address() as AddressInfo;

const client = await selectModelClient({
  provider: 'openai',
  baseUrl: `http://127.0.0.1:${port}/v1`,
  model: 'tiny',
});

let last: ModelChunk | undefined;
let answer = '';
for await (const chunk of client.stream({ prompt: 'Why is the sky blue?', maxTokens: 20, graph: 'sky' })) {
  answer += chunk.text;
  last = chunk;
}
console.log(answer);
console.log(last?.finishReason, last?.usage);

busy = true;
try {
  await client.generate({ prompt: 'And why is it dark at night?', graph: 'sky' });
} catch (error) {
  if (!(error instanceof ModelError)) throw error;
  console.log(error.name, 'retry after', error.retryAfterSeconds, 's');
}
server.close();
server.closeAllConnections();

const wanted = ['requests_total', 'errors_total', 'tokens_output_total', 'time_to_first_token_seconds_count'];
for (const line of (await registry.metrics()).split('\n')) {
  if (wanted.some((name) => line.startsWith(`tinyllm_${name}{`))) console.log(line);
}
