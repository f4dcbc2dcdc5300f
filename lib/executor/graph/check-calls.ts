import type { Problem } from 'tinyllm/configuration';
import { suggestion } from 'tinyllm/configuration';
import { findCycle } from './check-cycles.js';
import type { GraphDraft } from './check-edges.js';
import { Flow } from './flow.js';
import type { GraphNode } from './node.js';

/** What is wrong with the nodes that other nodes run themselves. */
export function* callProblems(draft: GraphDraft): Generator<Problem> {
  const { nodes } = draft;
  for (const [id, { calls = [] }] of nodes) {
    for (const call of calls) {
      const path = ['nodes', id, ...call.setting];
      for (const name of call.nodes) {
        const member = nodes.get(name);
        const message = member === undefined ? unknown(name, nodes.keys()) : unfit(id, member);
        if (message !== undefined) yield { path, message };
      }
    }
  }
  yield* recursionProblems(draft);
  const flow = new Flow({ ...draft, nodes: withoutRetries(nodes) });
  for (const [id, { calls = [] }] of nodes) {
    for (const { setting, nodes: members } of calls.filter(({ anew }) => anew)) {
      const early = members.find((member) => !flow.canEndBefore(member, id));
      if (early === undefined) continue;
      yield {
        path: ['nodes', id, ...setting],
        message: `${id} cannot run ${early} anew: it does not run before ${id}.`,
      };
    }
  }
}

function unknown(name: string, names: Iterable<string>): string {
  return `no node is named "${name}"; expected one of the nodes.${suggestion(name, names)}`;
}

/** Within a chain there is one way, on or out, so a choice between others has nowhere to lead. */
function unfit(id: string, { id: member, kind, routes }: GraphNode): string | undefined {
  if (kind === 'entry' || kind === 'exit') return `${id} cannot run ${member}: a run passes an ${kind} once.`;
  if (routes === undefined || routes.every((route) => route === 'pass' || route === 'fail')) return undefined;
  return `${id} cannot run ${member}, which chooses from ${routes.join(', ')}: there are no edges to follow; a gate can stand there.`;
}

function* recursionProblems({ nodes }: GraphDraft): Generator<Problem> {
  const ways = [...nodes].flatMap(([from, { calls = [] }]) =>
    calls.flatMap(({ setting, nodes: members }) => members.map((to) => ({ from, to, setting }))),
  );
  const cycle = findCycle([...nodes.keys()], ways);
  if (cycle === undefined) return;
  const index = Math.max(...cycle);
  const turn = cycle.indexOf(index);
  const way = [...cycle.slice(turn + 1), ...cycle.slice(0, turn + 1)].map((passed) => ways[passed]);
  const last = way.at(-1);
  yield {
    path: ['nodes', last?.from ?? '', ...(last?.setting ?? [])],
    message: `a run could go in circles: ${[way[0]?.from, ...way.map((call) => call?.to)].join(' runs ')}; take one of them out.`,
  };
}

/** What a gate runs anew must be there without it. */
function withoutRetries(nodes: GraphDraft['nodes']): GraphDraft['nodes'] {
  const plain = [...nodes].map(([id, { kind, execute, calls = [] }]): [string, GraphNode] => [
    id,
    { id, kind, execute, calls: calls.filter(({ anew }) => !anew) },
  ]);
  return new Map(plain);
}
