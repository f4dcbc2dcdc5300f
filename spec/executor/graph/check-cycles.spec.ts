import { expect } from 'chai';
import fc from 'fast-check';
import { GraphError } from '../../../lib/executor/errors/graph-errors.js';
import { parseGraph } from '../../../lib/executor/graph/parse-graph.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';

interface Branch {
  readonly to: number;
}

/**
 * Nodes n0…: each node leads to some later nodes, through a router if there are several. Unreachable nodes are left
 * out.
 */
const acyclic = fc
  .integer({ min: 2, max: 12 })
  .chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, index) =>
        fc.uniqueArray(fc.integer({ min: index + 1, max: size }), { minLength: 1, maxLength: 3 }),
      ),
    ),
  )
  .map((targets) => {
    const reached = new Set([0]);
    for (const [index, list] of targets.entries()) if (reached.has(index)) for (const to of list) reached.add(to);
    return targets.map((list, index) => ({ index, list })).filter(({ index }) => reached.has(index));
  });

interface Row {
  readonly index: number;
  readonly list: readonly number[];
}

/** All nodes but the entry and the exit are routers, so that any edge may be added. */
function graphText(rows: readonly Row[], extra: readonly (Branch & { readonly from: number })[] = []): string {
  const exit = Math.max(...rows.flatMap(({ list }) => list));
  const ways = rows.flatMap(({ index, list }) => list.map((to) => ({ from: index, to })));
  const all = [...ways, ...extra];
  const nodes = rows.map(({ index }) => {
    const routes = all.filter(({ from }) => from === index).map(({ to }) => `to${to}`);
    const clues = routes.map((route) => `${route}: { keywords: [${route}] }`).join(', ');
    return `  n${index}: { kind: router, routes: { ${clues} }, default: ${routes[0]} }`;
  });
  const edges = all.map(
    ({ from, to }) => `  - { from: n${from}, to: ${to === exit ? 'exit' : `n${to}`}, when: to${to} }`,
  );
  return `name: random
nodes:
  entry: { kind: entry }
${nodes.join('\n')}
  exit: { kind: exit }
edges:
  - { from: entry, to: n0 }
${edges.join('\n')}
`;
}

describe('the check for cycles', () => {
  const nodes = `name: a
nodes:
  e: { kind: entry }
  a: { kind: model }
  b: { kind: model }
  r: { kind: router, routes: { again: { keywords: [again] } }, default: done }
  x: { kind: exit }
edges:
  - { from: e, to: a }
  - { from: a, to: b }
`;

  it('reports the cycle at the edge that closes it', () => {
    const text = `${nodes}  - { from: b, to: r }\n  - ▸{ from: r, to: a, when: again }\n  - { from: r, to: x, when: done }`;
    expect(graphErrorMessage(text)).to.match(/the edges form a cycle: a -> b -> r -> a; remove one of these edges/);
  });

  it('reports a node that leads to itself', () => {
    const text = `${nodes}  - { from: b, to: r }\n  - ▸{ from: r, to: r, when: again }\n  - { from: r, to: x, when: done }`;
    expect(graphErrorMessage(text)).to.match(/cycle: r -> r;/);
  });

  it('reports a cycle rather than the missing path to an exit', () => {
    const text = `name: a
nodes: { e: { kind: entry }, a: { kind: model }, b: { kind: model }, x: { kind: exit } }
edges: [{ from: e, to: a }, { from: a, to: b }, ▸{ from: b, to: a }]`;
    expect(graphErrorMessage(text)).to.match(/cycle: a -> b -> a;/);
  });

  it('accepts any graph whose edges all lead forward', () => {
    fc.assert(
      fc.property(acyclic, (rows) => {
        const graph = parseGraph(graphText(rows));
        expect(graph.nodes.size).to.equal(rows.length + 2);
      }),
    );
  });

  it('rejects any graph with one backward edge, and reports a cycle that exists', () => {
    const withBackEdge = acyclic.chain((rows) => {
      const ways = new Set(rows.flatMap(({ index, list }) => list.map((to) => `${index} ${to}`)));
      const ids = rows.map(({ index }) => index);
      const ahead = (from: number): number[] => ids.filter((id) => id === from || leads(ways, ids, from, id));
      const pairs = ids.flatMap((to) => ahead(to).map((from) => ({ from, to })));
      return fc.record({ rows: fc.constant(rows), back: fc.constantFrom(...pairs) });
    });
    fc.assert(
      fc.property(withBackEdge, ({ rows, back }) => {
        const text = graphText(rows, [back]);
        let error: unknown;
        try {
          parseGraph(text);
        } catch (caught) {
          error = caught;
        }
        expect(error).to.be.instanceOf(GraphError);
        const cycle = /cycle: (.*?);/.exec((error as GraphError).message)?.[1]?.split(' -> ') ?? [];
        expect(cycle.length).to.be.at.least(2);
        expect(cycle.at(0)).to.equal(cycle.at(-1));
        for (const [index, from] of cycle.slice(0, -1).entries()) {
          expect(text).to.include(`{ from: ${from}, to: ${cycle[index + 1]}, when`);
        }
        const place = text.split('\n')[((error as GraphError).line ?? 0) - 1];
        expect(place).to.include(`{ from: ${cycle.at(-2)}, to: ${cycle.at(-1)},`);
      }),
    );
  });
});

function leads(ways: ReadonlySet<string>, ids: readonly number[], from: number, to: number): boolean {
  return ways.has(`${from} ${to}`) || ids.some((id) => ways.has(`${from} ${id}`) && leads(ways, ids, id, to));
}
