import type { Graph } from './graph.js';

/**
 * Draws a graph as a Mermaid flowchart, left to right.
 *
 * Solid arrows are edges. Dotted arrows lead to nodes that another node runs directly: branches, loop bodies, retries
 * and fallbacks.
 * Nodes have numbered IDs, because names such as `end` are keywords in Mermaid. The labels are the names.
 * Syntax: https://mermaid.js.org/syntax/flowchart.html
 */
export function toMermaid(graph: Graph): string {
  const ids = new Map([...graph.nodes.keys()].map((name, index) => [name, `n${index}`]));
  const nodes = [...graph.nodes.values()].map(({ id, kind }) => {
    const [open, close] = graph.kinds?.get(kind)?.shape ?? ['[', ']'];
    return `  ${ids.get(id)}${open}${label(id)}${close}`;
  });
  const edges = graph.edges.map(({ from, to, when }) => {
    const arrow = when === undefined ? '-->' : `-->|${label(when)}|`;
    return `  ${ids.get(from)} ${arrow} ${ids.get(to)}`;
  });
  const calls = [...graph.nodes.values()].flatMap(({ id, calls: own = [] }) =>
    own.flatMap(({ setting, nodes: members }) => {
      // `retry.run` is drawn as "retry", the branch `branches.facts` as "facts".
      const name = setting.findLast((key) => key !== 'run');
      return members.map((member, index) => {
        const arrow = index === 0 ? `-.->|${label(String(name))}|` : '-.->';
        return `  ${ids.get(index === 0 ? id : (members[index - 1] ?? id))} ${arrow} ${ids.get(member)}`;
      });
    }),
  );
  return ['flowchart LR', ...nodes, ...edges, ...calls, ''].join('\n');
}

/** A quoted label. Characters that are special in Mermaid or HTML become entity codes. */
function label(text: string): string {
  return `"${text.replace(/[^\p{L}\p{N} _.,:;+*/()-]/gu, (sign) => `#${sign.codePointAt(0)};`)}"`;
}
