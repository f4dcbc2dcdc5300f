import { expect } from 'chai';
import { z } from 'zod';
import { TrackNode } from '../../../lib/core/index.js';
import type { GraphNode, Message, NodeContext } from '../../../lib/executor/graph/node.js';
import { defineNodeKind } from '../../../lib/executor/graph/node-kind.js';
import { ensureTracked } from '../../../lib/executor/graph/tracked-node.js';
import { freshGraph, nodeCounts, nodeErrors } from '../../support/shared-scrape.js';
import { StubModel } from '../../support/stub-model.js';

const message: Message = { question: '?', results: new Map(), answer: undefined };
const contextOf = (graph: string): NodeContext => ({ graph, model: new StubModel() });

class Plain implements GraphNode {
  readonly id = 'node';
  readonly kind = 'plain';
  #left = 1;

  async execute(given: Message) {
    this.#left--;
    if (this.#left < 0) throw new RangeError('none left');
    return { message: given };
  }
}

class Annotated extends Plain {
  @TrackNode({ graph: (_self, [, context]) => context?.graph })
  override async execute(given: Message, _context?: NodeContext) {
    return super.execute(given);
  }
}

describe('a node of a custom kind', () => {
  it('is counted and timed without a decorator', async () => {
    const graph = freshGraph();
    const kind = defineNodeKind({
      kind: 'plain',
      settings: z.object({ kind: z.literal('plain') }),
      create: () => new Plain(),
    });
    const parsed = kind.parse('node', { kind: 'plain' });
    if (!('node' in parsed)) throw new Error('the settings were rejected');
    const outcome = await parsed.node.execute(message, contextOf(graph));
    expect(outcome.message).to.equal(message);
    const failure = await parsed.node.execute(message, contextOf(graph)).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(RangeError);
    expect(await nodeCounts(graph)).to.deep.equal({ executions: 2, timed: 2, active: 0, cancelled: 0 });
    expect(await nodeErrors(graph, 'RangeError')).to.equal(1);
    expect(kind.shape).to.deep.equal(['[', ']']);
  });

  it('is counted once with a decorator', async () => {
    const graph = freshGraph();
    const node = new Annotated();
    expect(ensureTracked(node)).to.equal(node);
    await node.execute(message, contextOf(graph));
    expect(await nodeCounts(graph)).to.include({ executions: 1, active: 0 });
  });

  it('works if it is frozen', async () => {
    const node = ensureTracked(
      Object.freeze({ id: 'frozen', kind: 'a', execute: async (given: Message) => ({ message: given }) }),
    );
    expect((await node.execute(message)).message).to.equal(message);
  });
});
