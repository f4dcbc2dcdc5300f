// Uses standard (TC39) decorators: leave out "experimentalDecorators" in tsconfig.json. The code is the same as with
// legacy decorators.
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
