import { toMermaid } from '@tinyllm/executor';
import type { CommandContext } from '../../command/command-context.js';
import { loadGraphWith } from '../../executor/load-graph-with.js';

/** Options of `tinyllm graph show`. */
export interface GraphShowOptions {
  /** Default: the multi_domain graph. */
  readonly file: string | undefined;
  /** Modules that export node kinds for the graph. */
  readonly plugins?: readonly string[] | undefined;
}

/** Prints a graph as a Mermaid flowchart. Throws a `GraphError` if it cannot be loaded. */
export async function graphShow({ file, plugins }: GraphShowOptions, { output }: CommandContext): Promise<void> {
  output.text(toMermaid(await loadGraphWith(plugins, file)));
}

/** Options of `tinyllm graph check`. */
export interface GraphCheckOptions {
  readonly file: string;
  /** Modules that export node kinds for the graph. */
  readonly plugins?: readonly string[] | undefined;
  readonly json: boolean;
}

/** Checks a graph file, and prints ok. Throws a `GraphError` if the file is invalid, or a `PluginError`. */
export async function graphCheck({ file, plugins, json }: GraphCheckOptions, context: CommandContext): Promise<void> {
  const graph = await loadGraphWith(plugins, file);
  const counts = { nodes: graph.nodes.size, edges: graph.edges.length };
  if (json) context.output.json({ ok: true, file, graph: graph.name, ...counts });
  else context.output.text(`ok: ${file} (${graph.name}: ${counts.nodes} nodes, ${counts.edges} edges)`);
}
