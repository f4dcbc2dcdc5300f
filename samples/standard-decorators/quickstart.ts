// The same decorators in the standard (TC39) dialect: no flag in tsconfig.json, nothing else to change.
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
