import type { Graph } from '../../lib/executor/graph/graph.js';
import { parseGraph } from '../../lib/executor/graph/parse-graph.js';
import { freshGraph } from './shared-scrape.js';

/** The parts of a graph besides its nodes. */
export interface GraphOfOptions {
  /** The path from entry to exit: the names of the nodes in order. */
  readonly way: readonly string[];
  /** Additional edges, such as `{ from: gate, to: exit, when: fail }`. */
  readonly edges?: readonly string[];
  /** Additional lines at the top of the file. */
  readonly top?: string;
}

/**
 * Parses a graph with these nodes, which are lines of YAML. `gate pass` in `way` is the route `pass` of the node
 * `gate`.
 */
export function graphOf(nodes: readonly string[], { way, edges = [], top = '' }: GraphOfOptions): Graph {
  const stops = ['entry', ...way, 'exit'];
  const pathEdges = stops.slice(1).map((stop, index) => {
    const [from, route] = (stops[index] ?? '').split(' ');
    return `{ from: ${from}, to: ${stop.split(' ')[0]}${route === undefined ? '' : `, when: ${route}`} }`;
  });
  return parseGraph(`name: unwatched
${top}
nodes:
  entry: { kind: entry }
${nodes.map((node) => `  ${node}`).join('\n')}
  exit: { kind: exit }
edges:
${[...pathEdges, ...edges].map((edge) => `  - ${edge}`).join('\n')}
`);
}

/** The same graph with an unused name, for which no metrics exist yet. */
export function watched(graph: Graph): Graph {
  return { ...graph, name: freshGraph() };
}

/** The nodes of a trace with their notes and errors. The nodes of a part are below the part's name. */
export function notesOf(
  trace: readonly {
    node: string;
    note?: string;
    error?: string;
    parts?: readonly { name: string; trace: readonly unknown[] }[];
  }[],
): unknown[] {
  return trace.map(({ node, note, error, parts = [] }) => [
    node,
    ...(note === undefined ? [] : [note]),
    ...(error === undefined ? [] : [`failed: ${error}`]),
    ...parts.map(({ name, trace: inner }) => ({ [name]: notesOf(inner as Parameters<typeof notesOf>[0]) })),
  ]);
}
