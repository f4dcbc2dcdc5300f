import { loadGraph } from '../../lib/graph/load-graph.js';
import type { CommandContext } from '../command-context.js';

/** Options of `tinyllm graph check`. */
export interface GraphCheckOptions {
  readonly file: string;
  readonly json: boolean;
}

/** Says that a graph file is fine. Throws a `GraphError` when it is not. */
export async function graphCheck({ file, json }: GraphCheckOptions, context: CommandContext): Promise<void> {
  const graph = await loadGraph(file);
  const counts = { nodes: graph.nodes.size, edges: graph.edges.length };
  if (json) context.output.json({ ok: true, file, graph: graph.name, ...counts });
  else context.output.text(`ok: ${file} (${graph.name}: ${counts.nodes} nodes, ${counts.edges} edges)`);
}
