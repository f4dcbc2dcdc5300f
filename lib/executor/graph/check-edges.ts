import type { Problem } from 'tinyllm/configuration';
import { suggestion } from 'tinyllm/configuration';
import type { Edge, Graph } from './graph.js';

/** The parts of a graph that are checked before the graph is created. */
export type GraphDraft = Pick<Graph, 'nodes' | 'edges'>;

/** Yields problems of individual edges, and of all outgoing edges of a node together. */
export function* edgeProblems(draft: GraphDraft): Generator<Problem> {
  const seen = new Map<string, Map<string | undefined, Edge>>();
  for (const [index, edge] of draft.edges.entries()) {
    const path = ['edges', index];
    yield* endProblems(draft, edge, path);
    yield* routeProblems(draft, edge, path);
    const outgoing = seen.get(edge.from) ?? new Map<string | undefined, Edge>();
    const earlier = outgoing.get(edge.when);
    if (earlier !== undefined) yield { path, message: duplicateEdgeMessage(edge, earlier) };
    seen.set(edge.from, outgoing.set(edge.when, edge));
  }
  const called = calledNodes(draft);
  for (const [id, node] of draft.nodes) {
    const outgoing = seen.get(id);
    const missing = node.routes?.find((route) => outgoing?.has(route) !== true);
    if (missing === undefined || (outgoing === undefined && called.has(id))) continue;
    const fix = `add { from: ${id}, to: <node>, when: ${missing} }`;
    yield {
      path: ['nodes', id],
      message: `the route "${missing}" of ${id} has no edge; ${fix} to the edges.`,
    };
  }
}

/**
 * The nodes that run only inside other nodes, such as the branches of a fanout. No edge leads to them, so they need no
 * outgoing edges.
 */
function calledNodes({ nodes, edges }: GraphDraft): ReadonlySet<string> {
  const called = new Set([...nodes.values()].flatMap(({ calls = [] }) => calls.flatMap((call) => call.nodes)));
  for (const { to } of edges) called.delete(to);
  return called;
}

function* endProblems({ nodes }: GraphDraft, edge: Edge, path: readonly PropertyKey[]): Generator<Problem> {
  for (const end of ['from', 'to'] as const) {
    if (nodes.has(edge[end])) continue;
    const hint = suggestion(edge[end], nodes.keys());
    yield {
      path: [...path, end],
      message: `no node is named "${edge[end]}"; expected the name of a node in \`nodes\`.${hint}`,
    };
  }
  if (nodes.get(edge.from)?.kind === 'exit') {
    yield {
      path: [...path, 'from'],
      message: `this edge starts at "${edge.from}", which is an exit; a run ends there, so remove the edge.`,
    };
  }
  if (nodes.get(edge.to)?.kind === 'entry') {
    yield {
      path: [...path, 'to'],
      message: `this edge leads to "${edge.to}", which is the entry; a run starts there, so remove the edge.`,
    };
  }
}

function* routeProblems({ nodes }: GraphDraft, { from, when }: Edge, path: readonly PropertyKey[]): Generator<Problem> {
  const routes = nodes.get(from)?.routes;
  if (routes === undefined) {
    if (when === undefined) return;
    yield {
      path: [...path, 'when'],
      message: `${from} has no routes; remove \`when\`, or make ${from} a router or a gate.`,
    };
    return;
  }
  const names = routes.join(', ');
  if (when === undefined) {
    yield {
      path,
      message: `an edge from ${from} has no \`when\`; expected one of the routes of ${from}: ${names}.`,
    };
  } else if (!routes.includes(when)) {
    const hint = suggestion(when, routes);
    yield {
      path: [...path, 'when'],
      message: `${from} has no route "${when}"; expected one of ${names}.${hint}`,
    };
  }
}

function duplicateEdgeMessage(edge: Edge, earlier: Edge): string {
  if (edge.to === earlier.to) return `the edge from ${edge.from} to ${edge.to} occurs twice; remove one.`;
  if (edge.when === undefined) {
    return `${edge.from} has two edges without \`when\`, to ${earlier.to} and to ${edge.to}; keep one, or add a router.`;
  }
  return `the route "${edge.when}" of ${edge.from} leads to both ${earlier.to} and ${edge.to}; keep one.`;
}
