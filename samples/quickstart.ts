// Adds the three decorators to a class and serves its metrics. Works with and without "experimentalDecorators" in tsconfig.json.
import { startMetricsServer, TrackGraph, TrackNode, TrackRequest } from 'tinyllm';

class Assistant {
  @TrackGraph({ graph: 'assistant' })
  async execute(question: string) {
    return this.answer(question);
  }

  @TrackNode({ graph: 'assistant', node: 'answer' })
  async answer(question: string) {
    return (await this.generate(question)).text;
  }

  // Call your model here. This example returns the prompt in capitals.
  @TrackRequest({ graph: 'assistant', model: 'echo' })
  async generate(prompt: string) {
    return { text: prompt.toUpperCase(), usage: { inputTokens: 2, outputTokens: 2 } };
  }
}

const server = await startMetricsServer({ port: 0 });
console.log(await new Assistant().execute('hello there'));

const scrape = await fetch(`${server.url}/metrics`);
for (const line of (await scrape.text()).split('\n')) {
  if (/_total\{/.test(line)) console.log(line);
}
await server.close();
