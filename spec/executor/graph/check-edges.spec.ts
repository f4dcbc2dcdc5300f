import { expect } from 'chai';
import { refused } from '../../support/refused-graph.js';

/** A graph around the given edges, all nodes in place. */
function withEdges(...edges: string[]): string {
  return `name: a
nodes:
  entry: { kind: entry }
  router: { kind: router, routes: { math: { keywords: [sum] } }, default: rest }
  math: { kind: model }
  general: { kind: model }
  exit: { kind: exit }
edges:
${edges.map((edge) => `  - ${edge}`).join('\n')}
`;
}

const first = '{ from: entry, to: router }';

describe('the checks of edges', () => {
  const refusals: readonly [what: string, edges: readonly string[], message: RegExp][] = [
    ['an unknown source', ['{ from: ▸entri, to: router }'], /no node is named "entri"; .*Did you mean "entry"\?/],
    ['an unknown target', ['{ from: entry, to: ▸ruter }'], /no node is named "ruter"; .*Did you mean "router"\?/],
    ['a target like no other', ['{ from: entry, to: ▸xyz }'], /no node is named "xyz"; expected one of the nodes\.$/],
    ['an edge out of an exit', ['{ from: ▸exit, to: math }'], /an edge leaves the exit exit; .*remove it/],
    ['an edge into the entry', ['{ from: math, to: ▸entry }'], /an edge leads into the entry entry; .*remove it/],
    ['a route out of a node without routes', ['{ from: entry, to: math, when: ▸sum }'], /entry has no routes; take/],
    ['a way out of a router without a route', [first, '▸{ from: router, to: math }'], /`when`; .* routes: math, rest/],
    [
      'a route the router does not have',
      [first, '{ from: router, to: math, when: ▸maths }'],
      /router has no route "maths"; expected one of math, rest\. Did you mean "math"\?/,
    ],
    ['an edge that stands twice', [first, `▸${first}`], /the edge from entry to router stands twice; remove one/],
    [
      'an edge of a route that stands twice',
      [first, '{ from: router, to: math, when: math }', '▸{ from: router, to: math, when: math }'],
      /the edge from router to math stands twice/,
    ],
    [
      'a route that leads two ways',
      [first, '{ from: router, to: math, when: math }', '▸{ from: router, to: exit, when: math }'],
      /the route "math" of router leads to both math and exit; keep one/,
    ],
    [
      'two ways out of a node without routes',
      [first, '▸{ from: entry, to: math }'],
      /entry has two edges without `when`, to router and to math; keep one/,
    ],
    ['an unknown key', ['{ from: entry, to: router, ▸wen: math }'], /edges\[0\]: unknown key "wen"; .*mean "when"\?/],
    ['a route that is no text', ['{ from: entry, to: router, when: ▸1 }'], /edges\[0\]\.when is 1; expected a text/],
  ];
  for (const [what, edges, message] of refusals) {
    it(`refuse ${what}`, () => expect(refused(withEdges(...edges))).to.match(message));
  }

  it('refuse a route without an edge', () => {
    const text = withEdges(first, '{ from: router, to: general, when: rest }').replace('  router:', '  ▸router:');
    expect(refused(text)).to.match(
      /the route "math" of router has no edge; add { from: router, to: <node>, when: math }/,
    );
  });

  it('refuse a router without an edge for its default', () => {
    const text = withEdges(first, '{ from: router, to: math, when: math }').replace('  router:', '  ▸router:');
    expect(refused(text)).to.match(/the route "rest" of router has no edge/);
  });
});
