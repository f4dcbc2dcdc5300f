import type { Graph } from '../../lib/executor/graph/graph.js';
import { parseGraph } from '../../lib/executor/graph/parse-graph.js';
import { freshGraph } from './shared-scrape.js';

/** What a graph for a spec has besides its nodes. */
export interface GraphOfOptions {
  /** The nodes the edges lead through, in order, between entry and exit. */
  readonly way: readonly string[];
  /** More edges, such as `{ from: gate, to: exit, when: fail }`. */
  readonly edges?: readonly string[];
  /** More lines at the top. */
  readonly top?: string;
}

/** A graph of some nodes, written as lines of YAML; `gate pass` in the way is a route. */
export function graphOf(nodes: readonly string[], { way, edges = [], top = '' }: GraphOfOptions): Graph {
  const stops = ['entry', ...way, 'exit'];
  const led = stops.slice(1).map((stop, index) => {
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
${[...led, ...edges].map((edge) => `  - ${edge}`).join('\n')}
`);
}

/** The same graph under a name that nothing has been counted for. */
export function watched(graph: Graph): Graph {
  return { ...graph, name: freshGraph() };
}

/** The nodes of a trace and what they noted, those of parts below the part's name. */
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
