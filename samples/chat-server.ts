// Serves a graph as a model for any client of OpenAI's API. `tinyllm serve` does the same on the command line.

import { defaultGraphFile, GraphExecutor, loadGraph, selectModelClient, startChatServer } from '@tinyllm/executor';
import OpenAI from 'openai';
import { registry } from 'tinyllm';

const graph = await loadGraph(defaultGraphFile());
const model = await selectModelClient({ provider: 'embedded' });
const server = await startChatServer({ graphs: [new GraphExecutor(graph, { model })], port: 0, concurrency: 2 });

const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none is asked for' });
for await (const { id } of client.models.list()) console.log('model:', id);

const question = { model: 'multi_domain', messages: [{ role: 'user' as const, content: 'What is 5 km in miles?' }] };
const answer = await client.chat.completions.create(question);
console.log(answer.choices[0]?.message.content, 'in', answer.usage?.completion_tokens, 'tokens');

let streamed = '';
for await (const { choices } of await client.chat.completions.create({ ...question, stream: true })) {
  streamed += choices[0]?.delta.content ?? '';
}
console.log(streamed, 'streamed');

await server.close({ graceSeconds: 5 });

for (const line of (await registry.metrics()).split('\n')) {
  if (/^tinyllm_(graph_executions|queue_requests)_total\{/.test(line)) console.log(line);
}
