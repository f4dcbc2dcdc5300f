import type { Graph } from './graph.js';
import { nodeKinds } from './node-kinds.js';

/**
 * Draws a graph as a Mermaid flowchart, left to right.
 *
 * Nodes get numbered ids, for a name such as `end` means something to Mermaid; their names are the labels.
 * Syntax: https://mermaid.js.org/syntax/flowchart.html
 */
export function toMermaid(graph: Graph): string {
  const ids = new Map([...graph.nodes.keys()].map((name, index) => [name, `n${index}`]));
  const nodes = [...graph.nodes.values()].map(({ id, kind }) => {
    const [open, close] = nodeKinds.get(kind)?.shape ?? ['[', ']'];
    return `  ${ids.get(id)}${open}${label(id)}${close}`;
  });
  const edges = graph.edges.map(({ from, to, when }) => {
    const arrow = when === undefined ? '-->' : `-->|${label(when)}|`;
    return `  ${ids.get(from)} ${arrow} ${ids.get(to)}`;
  });
  return ['flowchart LR', ...nodes, ...edges, ''].join('\n');
}

/** A quoted label; what could end it, or mean something to Mermaid or HTML, becomes an entity code. */
function label(text: string): string {
  return `"${text.replace(/[^\p{L}\p{N} _.,:;+*/()-]/gu, (sign) => `#${sign.codePointAt(0)};`)}"`;
}
