import { GraphRunError } from '../errors/graph-errors.js';
import type { ChainRunner, GraphNode, NodeContext } from './node.js';

/** The runner for the `calls` of a node. Throws a `GraphRunError` if the node does not run in an executor. */
export function chainRunner({ id }: Pick<GraphNode, 'id'>, { runChain }: NodeContext): ChainRunner {
  if (runChain !== undefined) return runChain;
  throw new GraphRunError(
    `${id} runs other nodes, so it can run only as part of a graph; run the graph with a GraphExecutor.`,
  );
}
