// The same decorators as standard (TC39) decorators: without "experimentalDecorators" in tsconfig.json, and with the
// same code.
import { registry, TrackNode } from 'tinyllm';

class RouterNode {
  readonly id = 'router';

  @TrackNode({ graph: 'assistant' })
  async execute(question: string) {
    return question.endsWith('?') ? 'answer' : 'small talk';
  }
}

const router = new RouterNode();
console.log(await router.execute('Is it raining?'));
console.log(await router.execute('Nice weather today.'));

const text = await registry.metrics();
console.log(text.split('\n').find((line) => line.startsWith('tinyllm_node_executions_total{')));
