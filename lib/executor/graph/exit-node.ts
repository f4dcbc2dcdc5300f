import { TrackNode } from 'tinyllm';
import { z } from 'zod';
import { GraphRunError } from '../errors/graph-errors.js';
import { closedMap } from '../schema/closed-map.js';
import type { GraphNode, Message, NodeContext, NodeOutcome } from './node.js';
import { defineNodeKind } from './node-kind.js';

/** The end of a run. The latest result becomes the answer. */
class ExitNode implements GraphNode {
  readonly kind = 'exit';
  readonly leavesNoResult = true;

  constructor(readonly id: string) {}

  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, context: NodeContext): Promise<NodeOutcome> {
    if (message.answer === undefined) {
      throw new GraphRunError(
        `The run of ${context.graph} reached ${this.id} without an answer; add a node of kind model to every path to ${this.id}.`,
      );
    }
    return { message };
  }
}

/** `kind: exit` */
export const exitKind = defineNodeKind({
  kind: 'exit',
  shape: ['([', '])'],
  settings: closedMap({ kind: z.literal('exit') }),
  create: (id) => new ExitNode(id),
});
