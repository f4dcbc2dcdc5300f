import { TrackNode } from 'tinyllm';
import { z } from 'zod';
import { GraphRunError } from '../errors/graph-errors.js';
import { closedMap } from '../schema/closed-map.js';
import type { GraphNode, Message, NodeContext, NodeOutcome } from './node.js';
import { defineNodeKind } from './node-kind.js';

/** The start of every run. It rejects an empty question, and trims white space. */
export class EntryNode implements GraphNode {
  readonly kind = 'entry';
  readonly leavesNoResult = true;

  constructor(readonly id: string) {}

  @TrackNode({ graph: (_self, [, context]) => context.graph })
  async execute(message: Message, _context: NodeContext): Promise<NodeOutcome> {
    const question = message.question.trim();
    if (question === '') throw new GraphRunError('The question is empty; expected a text.');
    return { message: { ...message, question } };
  }
}

/** `kind: entry` */
export const entryKind = defineNodeKind({
  kind: 'entry',
  shape: ['([', '])'],
  settings: closedMap({ kind: z.literal('entry') }),
  create: (id) => new EntryNode(id),
});
