import { toMermaid } from '@tinyllm/executor';
import { loadGraphWith } from '../../executor/load-graph-with.js';
import type { CommandContext } from '../../program/command-context.js';

/** Options of `tinyllm graph show`. */
export interface GraphShowOptions {
  /** Default the multi_domain graph. */
  readonly file: string | undefined;
  /** Modules of node kinds the graph may use. */
  readonly plugins?: readonly string[] | undefined;
}

/** Prints a graph as a Mermaid flowchart. Throws a `GraphError` when it cannot be loaded. */
export async function graphShow({ file, plugins }: GraphShowOptions, { output }: CommandContext): Promise<void> {
  output.text(toMermaid(await loadGraphWith(plugins, file)));
}
