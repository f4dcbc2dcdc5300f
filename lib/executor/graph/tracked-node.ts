import { getTrackedMethods, TrackNode } from 'tinyllm';
import type { GraphNode, Message, NodeContext, NodeOutcome } from './node.js';

/** Tracks the executions of a node whose `execute` has no `@TrackNode` decorator. */
class Recorder {
  readonly #execute: GraphNode['execute'];

  constructor(
    readonly id: string,
    execute: GraphNode['execute'],
  ) {
    this.#execute = execute;
  }

  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, context: NodeContext): Promise<NodeOutcome> {
    return this.#execute(message, context);
  }
}

/** Makes sure that the executions of a node are tracked. Returns the same node. */
export function ensureTracked<Node extends GraphNode>(node: Node): Node {
  if (getTrackedMethods(node).some(({ kind, method }) => kind === 'node' && method === 'execute')) return node;
  const recorder = new Recorder(node.id, node.execute.bind(node));
  // A frozen node cannot be changed; it runs untracked.
  Reflect.defineProperty(node, 'execute', {
    value: (message: Message, context: NodeContext) => recorder.execute(message, context),
    configurable: true,
    writable: true,
  });
  return node;
}
