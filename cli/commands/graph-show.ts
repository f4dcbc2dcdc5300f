import { defaultGraphFile } from '../../lib/graph/default-graph.js';
import { loadGraph } from '../../lib/graph/load-graph.js';
import { toMermaid } from '../../lib/graph/mermaid.js';
import type { CommandContext } from '../command-context.js';

/** Options of `tinyllm graph show`. */
export interface GraphShowOptions {
  /** Default the multi_domain graph. */
  readonly file: string | undefined;
}

/** Prints a graph as a Mermaid flowchart. Throws a `GraphError` when it cannot be loaded. */
export async function graphShow({ file }: GraphShowOptions, { output }: CommandContext): Promise<void> {
  output.text(toMermaid(await loadGraph(file ?? defaultGraphFile())));
}
