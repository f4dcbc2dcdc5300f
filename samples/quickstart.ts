// Annotate your own classes and serve what they do. Needs "experimentalDecorators" in tsconfig.json.
import { startMetricsServer, TrackGraph, TrackNode, TrackRequest } from 'tinyllm';

class Echo {
  @TrackRequest({ model: 'echo', graph: 'assistant' })
  async generate(prompt: string) {
    return { text: prompt.toUpperCase(), usage: { inputTokens: 2, outputTokens: 2 } };
  }
}

class AnswerNode {
  readonly id = 'answer';
  readonly model = new Echo();

  @TrackNode({ graph: 'assistant' })
  async execute(question: string) {
    return (await this.model.generate(question)).text;
  }
}

class Assistant {
  readonly id = 'assistant';
  readonly node = new AnswerNode();

  @TrackGraph()
  async execute(question: string) {
    return this.node.execute(question);
  }
}

const server = await startMetricsServer({ port: 0 });
console.log(await new Assistant().execute('hello there'));

const text = await (await fetch(`${server.url}/metrics`)).text();
for (const line of text.split('\n')) {
  if (/^tinyllm_(requests|tokens|node_executions|graph_executions)\w*_total\{/.test(line)) console.log(line);
}
await server.close();
