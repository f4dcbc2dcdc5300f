import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import {
  GraphExecutor,
  type ModelChunk,
  type ModelClient,
  type ModelRequest,
  type ModelResponse,
  parseGraph,
  startChatServer,
} from '@tinyllm/executor';

// Runs in its own process: the attacked chat server, with a graph and a model.
// Argument: `json`, `routes`, `endless` or `slow`.

const [, , kind] = process.argv;

const asking = `nodes: { in: { kind: entry }, work: { kind: model }, out: { kind: exit } }
edges: [{ from: in, to: work }, { from: work, to: out }]`;

const graphs: Readonly<Record<string, string>> = {
  json: `nodes:
  in: { kind: entry }
  work: { kind: transform, json: a }
  end: { kind: transform, template: done }
  out: { kind: exit }
edges: [{ from: in, to: work }, { from: work, to: end }, { from: end, to: out }]`,
  routes: `nodes:
  in: { kind: entry }
  work: { kind: router, by: model, routes: { yes: { keywords: [sum] } }, default: no }
  end: { kind: transform, template: done }
  out: { kind: exit }
edges:
  - { from: in, to: work }
  - { from: work, to: end, when: yes }
  - { from: work, to: end, when: no }
  - { from: end, to: out }`,
};

const usage = { inputTokens: 1, outputTokens: 1 };
const piece = 'x'.repeat(16 * 1024);
/** 128 MiB. Limits the memory of a server that reads ahead. */
const mostPieces = 8192;

/** Responds at once with 80,000 full stops, streams without an end, or responds after 300 ms. */
const model: ModelClient = {
  provider: 'stub',
  model: 'stub',
  async generate({ signal }: ModelRequest): Promise<ModelResponse> {
    if (kind === 'slow') await sleep(300, undefined, signal && { signal });
    const answer = kind === 'routes' ? `a${'.'.repeat(80_000)}a` : 'yes';
    return { text: answer, model: 'stub', finishReason: 'stop', usage, timings: {} };
  },
  async *stream({ signal }: ModelRequest): AsyncGenerator<ModelChunk> {
    for (let count = 0; count < mostPieces; count++) {
      yield { text: piece };
      await nextTurn();
      signal?.throwIfAborted();
    }
    yield { text: '', finishReason: 'stop', usage };
  },
};

const graph = parseGraph(`name: attacked\n${graphs[kind ?? ''] ?? asking}`);
const chat = await startChatServer({ graphs: [new GraphExecutor(graph, { model })], port: 0 });
const control = createServer((_request, response) => response.end(String(chat.port)));
control.listen(0, '127.0.0.1', () => process.send?.((control.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
