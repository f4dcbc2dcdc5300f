// Defines a custom node kind with a schema, a class and a call of `defineNodeKind`.
import {
  defineNodeKind,
  GraphExecutor,
  type GraphNode,
  loadGraph,
  type Message,
  type NodeContext,
  selectModelClient,
} from '@tinyllm/executor';
import { registry, TrackNode } from 'tinyllm';
import { z } from 'zod';

/** Appends a unit to the latest result. */
class UnitNode implements GraphNode {
  readonly kind = 'unit';

  constructor(
    readonly id: string,
    readonly unit: string,
  ) {}

  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, _context: NodeContext) {
    if (message.answer === undefined) return { message, note: 'no result to append the unit to' };
    const answer = `${message.answer} ${this.unit}`;
    return { message: { ...message, answer, results: new Map(message.results).set(this.id, answer) }, note: answer };
  }
}

// A module for `--plugin` only needs this export.
export const unitKind = defineNodeKind({
  kind: 'unit',
  shape: ['>', ']'],
  settings: z.strictObject({ kind: z.literal('unit'), unit: z.string().min(1) }),
  create: (id, settings) => new UnitNode(id, settings.unit),
});

const graph = await loadGraph('samples/custom-node.yaml', { kinds: [unitKind] });
const model = await selectModelClient({ provider: 'embedded' });
const { answer, trace } = await new GraphExecutor(graph, { model }).execute('What is 3 * 4?');

console.log(answer);
for (const { node, kind, note = '' } of trace) console.log(`${node} (${kind}) ${note}`.trim());
const text = await registry.getSingleMetricAsString('tinyllm_node_executions_total');
console.log(text.split('\n').find((line) => line.includes('node="unit"')));
