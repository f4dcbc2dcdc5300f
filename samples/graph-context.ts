// Steps and requests have the name of the graph that runs them, without an option in each decorator.
import { setTimeout as sleep } from 'node:timers/promises';
import { configureMetrics, registry, TrackGraph, TrackRequest } from 'tinyllm';

configureMetrics({ graphContext: true });

/** A client that several graphs share. */
class EchoClient {
  @TrackRequest({ model: 'echo' })
  async generate(prompt: string) {
    return { text: prompt.toUpperCase(), usage: { inputTokens: 2, outputTokens: 2 } };
  }
}

const client = new EchoClient();

class Chat {
  readonly id = 'chat';

  @TrackGraph()
  async execute(question: string) {
    await sleep(1);
    return (await client.generate(question)).text;
  }
}

class Stories {
  readonly id = 'stories';

  // The request runs when the application reads the stream.
  @TrackGraph()
  async *execute(topic: string) {
    yield 'Once upon a time. ';
    yield (await client.generate(topic)).text;
  }
}

await new Chat().execute('hello there');
for await (const text of new Stories().execute('the end')) console.log(text);
// Outside a graph, the name is "default".
await client.generate('good morning');

for (const line of (await registry.metrics()).split('\n')) {
  if (/^tinyllm_(requests|graph_executions)_total\{/.test(line)) console.log(line);
}
