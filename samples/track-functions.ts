// Tracks functions without classes: a request to a model, and the methods of a class in plain JavaScript.
import { registry, trackGraph, trackRequest } from 'tinyllm';

interface Settings {
  readonly model: string;
}

// The wrapper has the type of the function. A misspelled `settings.modle` would not compile.
const ask = trackRequest(
  async (prompt: string, _settings: Settings) => {
    // Call your model here. This example returns the prompt in capitals.
    return { text: prompt.toUpperCase(), usage: { inputTokens: 2, outputTokens: 2 } };
  },
  { model: (_self, [, settings]) => settings.model, graph: 'assistant' },
);

// The default of the label `graph` is the name of the function.
const assistant = trackGraph(async function assistant(question: string) {
  return (await ask(question, { model: 'echo' })).text;
});

console.log(await assistant('hello there'));

// Wrap a method to track all its calls, including those on existing instances.
class Client {
  readonly model = 'client-model';

  async generate(prompt: string) {
    return `${this.model} got ${prompt}`;
  }
}

const client = new Client();
Client.prototype.generate = trackRequest(Client.prototype.generate, { model: (self: Client) => self.model });
console.log(await client.generate('a prompt'));

const text = await registry.metrics();
console.log(
  text
    .split('\n')
    .filter((line) => /^tinyllm_(requests|tokens_output|graph_executions)_total\{.* [1-9]/.test(line))
    .join('\n'),
);
