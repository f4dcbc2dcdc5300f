import { GraphRunError } from '../errors/graph-errors.js';
import type { ChainRunner, GraphNode, NodeContext } from './node.js';

/** What runs a node's `calls`. Throws a `GraphRunError` outside of an executor, where nothing can. */
export function chainRunner({ id }: Pick<GraphNode, 'id'>, { runChain }: NodeContext): ChainRunner {
  if (runChain !== undefined) return runChain;
  throw new GraphRunError(`${id} runs other nodes, and can do so in a graph's run alone; run it by a GraphExecutor.`);
}
