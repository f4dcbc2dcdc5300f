// Starts a proxy between a client and a model server. The client only uses another address, and the server is
// unchanged.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { defaultGraphFile, GraphExecutor, loadGraph, selectModelClient, startChatServer } from '@tinyllm/executor';
import OpenAI from 'openai';

// Replaces your Ollama, vLLM or llama.cpp in this example.
const graph = await loadGraph(defaultGraphFile());
const executor = new GraphExecutor(graph, { model: await selectModelClient({ provider: 'embedded' }) });
const server = await startChatServer({ graphs: [executor], port: 0 });

// The path in a clone. In your application, use `npx tinyllm`.
const tinyllm = 'cli/bin/tinyllm.js';
const args = ['proxy', '--upstream', server.url, '--port', '0', '--metrics-port', '0', '--no-ps'];
const proxy = spawn(process.execPath, [tinyllm, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
let metrics = '';
let address = '';
for await (const line of createInterface(proxy.stderr)) {
  metrics = /serving metrics at (\S+)/.exec(line)?.[1] ?? metrics;
  address = /forwarding (\S+)/.exec(line)?.[1] ?? address;
  if (metrics !== '' && address !== '') break;
}

const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: 'none is asked for' });
const answer = await client.chat.completions.create({
  model: 'multi_domain',
  messages: [{ role: 'user', content: 'What is 2+2?' }],
});
console.log(answer.choices[0]?.message.content);

const wanted = ['tinyllm_requests_total', 'tinyllm_requests_finished_total'];
for (const line of (await (await fetch(metrics)).text()).split('\n')) {
  if (wanted.some((name) => line.startsWith(`${name}{`))) console.log(line);
}

proxy.kill();
await once(proxy, 'exit');
await server.close();
