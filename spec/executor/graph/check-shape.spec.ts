import { expect } from 'chai';
import { parseGraph } from '../../../lib/executor/graph/parse-graph.js';
import { refused } from '../../support/refused-graph.js';

describe('the checks of a whole graph', () => {
  const refusals: readonly [what: string, text: string, message: RegExp][] = [
    [
      'no entry',
      '▸nodes: { m: { kind: model }, x: { kind: exit } }\nedges: [{ from: m, to: x }]',
      /no node is the entry; add/,
    ],
    [
      'two entries',
      'nodes: { e: { kind: entry }, ▸f: { kind: entry }, x: { kind: exit } }\nedges: [{ from: e, to: x }, { from: f, to: x }]',
      /f is a second entry beside e; keep one/,
    ],
    [
      'no exit',
      '▸nodes: { e: { kind: entry }, m: { kind: model } }\nedges: [{ from: e, to: m }]',
      /no node is an exit; add/,
    ],
    [
      'a node nothing leads to',
      'nodes: { e: { kind: entry }, ▸m: { kind: model }, x: { kind: exit } }\nedges: [{ from: e, to: x }, { from: m, to: x }]',
      /m cannot be reached from e; add an edge to it, or remove it/,
    ],
    [
      'a node no exit lies ahead of',
      `nodes:
  e: { kind: entry }
  r: { kind: router, routes: { a: { keywords: [a] } }, default: b }
  ▸m: { kind: model }
  x: { kind: exit }
edges: [{ from: e, to: r }, { from: r, to: m, when: a }, { from: r, to: x, when: b }]`,
      /no exit can be reached from m: it has no edge out; add one/,
    ],
    [
      'an entry without edges',
      'nodes: { e: { kind: entry }, ▸x: { kind: exit } }\nedges: []',
      /x cannot be reached from e/,
    ],
    [
      'a template that speaks of no node',
      `nodes: { e: { kind: entry }, m: { kind: model, system: ▸"{{results.calc}}" }, x: { kind: exit } }
edges: [{ from: e, to: m }, { from: m, to: x }]`,
      /{{results\.calc}} speaks of no node; expected the name of one that runs before m/,
    ],
    [
      'a template that speaks of a later node',
      `nodes: { e: { kind: entry }, m: { kind: model, prompt: ▸"{{results.n}}" }, n: { kind: model }, x: { kind: exit } }
edges: [{ from: e, to: m }, { from: m, to: n }, { from: n, to: x }]`,
      /{{results\.n}} is never there: n does not run before m/,
    ],
    [
      'a template that speaks of its own node',
      `nodes: { e: { kind: entry }, m: { kind: model, prompt: ▸"{{results.m}}" }, x: { kind: exit } }
edges: [{ from: e, to: m }, { from: m, to: x }]`,
      /{{results\.m}} is never there/,
    ],
    [
      'a template that speaks of the entry',
      `nodes: { e: { kind: entry }, m: { kind: model, system: ▸"{{results.e}}" }, x: { kind: exit } }
edges: [{ from: e, to: m }, { from: m, to: x }]`,
      /{{results\.e}} is never there: e is of the kind entry, which leaves no result; name a model or a tool/,
    ],
    [
      'a template that speaks of a router',
      `nodes:
  e: { kind: entry }
  r: { kind: router, routes: { a: { keywords: [a] } }, default: b }
  m: { kind: model, prompt: ▸"{{results.r}}" }
  x: { kind: exit }
edges: [{ from: e, to: r }, { from: r, to: m, when: a }, { from: r, to: x, when: b }, { from: m, to: x }]`,
      /{{results\.r}} is never there: r is of the kind router, which/,
    ],
    [
      'fewer steps than the shortest way takes',
      `limits: { steps: ▸2 }
nodes: { e: { kind: entry }, m: { kind: model }, x: { kind: exit } }
edges: [{ from: e, to: m }, { from: m, to: x }]`,
      /limits\.steps is 2, but the shortest way from e to an exit passes 3 nodes; expected 3 or more\.$/,
    ],
  ];
  for (const [what, text, message] of refusals) {
    it(`refuse ${what}`, () => expect(refused(`name: a\n${text}`)).to.match(message));
  }

  it('let a graph have as many steps as its shortest way takes', () => {
    const graph = parseGraph(`name: a
limits: { steps: 3 }
nodes:
  e: { kind: entry }
  r: { kind: router, routes: { a: { keywords: [a] } }, default: b }
  m: { kind: model }
  x: { kind: exit }
edges: [{ from: e, to: r }, { from: r, to: m, when: a }, { from: r, to: x, when: b }, { from: m, to: x }]`);
    expect(graph.limits.steps).to.equal(3);
  });

  it('let a template speak of a node that runs before', () => {
    const graph = parseGraph(`name: a
nodes:
  e: { kind: entry }
  t: { kind: tool, tool: calculator }
  m: { kind: model, system: "Found: {{results.t}}", prompt: "{{ question }} — {{results.t}}" }
  x: { kind: exit }
edges: [{ from: e, to: t }, { from: t, to: m }, { from: m, to: x }]`);
    expect(graph.nodes.get('m')?.references).to.deep.equal([
      { setting: 'system', node: 't' },
      { setting: 'prompt', node: 't' },
    ]);
  });
});
