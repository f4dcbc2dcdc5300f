import type { Problem } from 'tinyllm/configuration';
import { suggestion } from 'tinyllm/configuration';
import { findCycle } from './check-cycles.js';
import type { GraphDraft } from './check-edges.js';
import { Flow } from './flow.js';
import type { GraphNode } from './node.js';

/** Yields problems with `calls`: the nodes that a node runs directly, without edges. */
export function* callProblems(draft: GraphDraft): Generator<Problem> {
  const { nodes } = draft;
  for (const [id, { calls = [] }] of nodes) {
    for (const call of calls) {
      const path = ['nodes', id, ...call.setting];
      for (const name of call.nodes) {
        const member = nodes.get(name);
        const message = member === undefined ? unknown(name, nodes.keys()) : invalidCall(id, member);
        if (message !== undefined) yield { path, message };
      }
    }
  }
  yield* recursionProblems(draft);
  const flow = new Flow({ ...draft, nodes: withoutRetryCalls(nodes) });
  for (const [id, { calls = [] }] of nodes) {
    for (const { setting, nodes: members } of calls.filter(({ anew: isRetry }) => isRetry)) {
      const notBefore = members.find((member) => !flow.canEndBefore(member, id));
      if (notBefore === undefined) continue;
      yield {
        path: ['nodes', id, ...setting],
        message: `${id} cannot retry ${notBefore}: ${notBefore} does not run before ${id}.`,
      };
    }
  }
}

function unknown(name: string, names: Iterable<string>): string {
  return `no node is named "${name}"; expected the name of a node in \`nodes\`.${suggestion(name, names)}`;
}

/**
 * A chain follows no edges: it continues after `pass` and stops after `fail`. Its nodes cannot have other routes.
 */
function invalidCall(id: string, { id: member, kind, routes }: GraphNode): string | undefined {
  if (kind === 'entry' || kind === 'exit') return `${id} cannot run ${member}: a run executes its ${kind} only once.`;
  if (routes === undefined || routes.every((route) => route === 'pass' || route === 'fail')) return undefined;
  return `${id} cannot run ${member}: ${member} chooses a route (${routes.join(', ')}), and nodes that ${id} runs have no edges; use a gate instead.`;
}

function* recursionProblems({ nodes }: GraphDraft): Generator<Problem> {
  const links = [...nodes].flatMap(([from, { calls = [] }]) =>
    calls.flatMap(({ setting, nodes: members }) => members.map((to) => ({ from, to, setting }))),
  );
  const cycle = findCycle([...nodes.keys()], links);
  if (cycle === undefined) return;
  const index = Math.max(...cycle);
  const lastPosition = cycle.indexOf(index);
  const path = [...cycle.slice(lastPosition + 1), ...cycle.slice(0, lastPosition + 1)].map((link) => links[link]);
  const last = path.at(-1);
  yield {
    path: ['nodes', last?.from ?? '', ...(last?.setting ?? [])],
    message: `the nodes run each other in a cycle: ${[path[0]?.from, ...path.map((call) => call?.to)].join(' runs ')}; remove one of these calls.`,
  };
}

/**
 * Leaves out the calls for retries. A `Flow` with these calls would contain a path from each retried node to the end of
 * its gate. The check that the node runs before the gate would then always pass.
 */
function withoutRetryCalls(nodes: GraphDraft['nodes']): GraphDraft['nodes'] {
  const plain = [...nodes].map(([id, { kind, execute, calls = [] }]): [string, GraphNode] => [
    id,
    { id, kind, execute, calls: calls.filter(({ anew: isRetry }) => !isRetry) },
  ]);
  return new Map(plain);
}
