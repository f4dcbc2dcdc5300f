import { expect } from 'chai';
import { graphErrorMessage } from '../../support/graph-error-message.js';

/** A complete graph with the given edges. */
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
    [
      'a target unlike any node',
      ['{ from: entry, to: ▸xyz }'],
      /no node is named "xyz"; expected the name of a node in `nodes`\.$/,
    ],
    [
      'an edge from an exit',
      ['{ from: ▸exit, to: math }'],
      /this edge starts at "exit", which is an exit; .*remove the edge/,
    ],
    [
      'an edge into the entry',
      ['{ from: math, to: ▸entry }'],
      /this edge leads to "entry", which is the entry; .*remove the edge/,
    ],
    [
      'an edge with `when` from a node without routes',
      ['{ from: entry, to: math, when: ▸sum }'],
      /entry has no routes; remove/,
    ],
    [
      'an edge without `when` from a router',
      [first, '▸{ from: router, to: math }'],
      /`when`; .* routes of router: math, rest/,
    ],
    [
      'an unknown route',
      [first, '{ from: router, to: math, when: ▸maths }'],
      /router has no route "maths"; expected one of math, rest\. Did you mean "math"\?/,
    ],
    ['an edge that occurs twice', [first, `▸${first}`], /the edge from entry to router occurs twice; remove one/],
    [
      'two equal edges for the same route',
      [first, '{ from: router, to: math, when: math }', '▸{ from: router, to: math, when: math }'],
      /the edge from router to math occurs twice/,
    ],
    [
      'a route with two targets',
      [first, '{ from: router, to: math, when: math }', '▸{ from: router, to: exit, when: math }'],
      /the route "math" of router leads to both math and exit; keep one/,
    ],
    [
      'two edges from a node without routes',
      [first, '▸{ from: entry, to: math }'],
      /entry has two edges without `when`, to router and to math; keep one/,
    ],
    ['an unknown key', ['{ from: entry, to: router, ▸wen: math }'], /edges\[0\]: unknown key "wen"; .*mean "when"\?/],
    ['a route that is not a text', ['{ from: entry, to: router, when: ▸1 }'], /edges\[0\]\.when is 1; expected a text/],
  ];
  for (const [what, edges, message] of refusals) {
    it(`reject ${what}`, () => expect(graphErrorMessage(withEdges(...edges))).to.match(message));
  }

  it('reject a router if one of its routes has no edge', () => {
    const text = withEdges(first, '{ from: router, to: general, when: rest }').replace('  router:', '  ▸router:');
    expect(graphErrorMessage(text)).to.match(
      /the route "math" of router has no edge; add { from: router, to: <node>, when: math }/,
    );
  });

  it('reject a router if its default route has no edge', () => {
    const text = withEdges(first, '{ from: router, to: math, when: math }').replace('  router:', '  ▸router:');
    expect(graphErrorMessage(text)).to.match(/the route "rest" of router has no edge/);
  });
});
