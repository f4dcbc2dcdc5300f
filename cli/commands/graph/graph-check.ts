import { loadGraphWith } from '../../executor/load-graph-with.js';
import type { CommandContext } from '../../program/command-context.js';

/** Options of `tinyllm graph check`. */
export interface GraphCheckOptions {
  readonly file: string;
  /** Modules of node kinds the graph may use. */
  readonly plugins?: readonly string[] | undefined;
  readonly json: boolean;
}

/** Says that a graph file is fine. Throws a `GraphError` when it is not, or a `PluginError`. */
export async function graphCheck({ file, plugins, json }: GraphCheckOptions, context: CommandContext): Promise<void> {
  const graph = await loadGraphWith(plugins, file);
  const counts = { nodes: graph.nodes.size, edges: graph.edges.length };
  if (json) context.output.json({ ok: true, file, graph: graph.name, ...counts });
  else context.output.text(`ok: ${file} (${graph.name}: ${counts.nodes} nodes, ${counts.edges} edges)`);
}
