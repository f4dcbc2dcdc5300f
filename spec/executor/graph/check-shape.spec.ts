import { expect } from 'chai';
import { parseGraph } from '../../../lib/executor/graph/parse-graph.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';

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
      /the graph has two entries, e and f; keep one/,
    ],
    [
      'no exit',
      '▸nodes: { e: { kind: entry }, m: { kind: model } }\nedges: [{ from: e, to: m }]',
      /no node is an exit; add/,
    ],
    [
      'an unreachable node',
      'nodes: { e: { kind: entry }, ▸m: { kind: model }, x: { kind: exit } }\nedges: [{ from: e, to: x }, { from: m, to: x }]',
      /m cannot be reached from e; add an edge to it, or remove it/,
    ],
    [
      'a node that leads to no exit',
      `nodes:
  e: { kind: entry }
  r: { kind: router, routes: { a: { keywords: [a] } }, default: b }
  ▸m: { kind: model }
  x: { kind: exit }
edges: [{ from: e, to: r }, { from: r, to: m, when: a }, { from: r, to: x, when: b }]`,
      /no exit can be reached from m: it has no outgoing edge; add one/,
    ],
    [
      'an entry without edges',
      'nodes: { e: { kind: entry }, ▸x: { kind: exit } }\nedges: []',
      /x cannot be reached from e/,
    ],
    [
      'a template that does not name a node',
      `nodes: { e: { kind: entry }, m: { kind: model, system: ▸"{{results.calc}}" }, x: { kind: exit } }
edges: [{ from: e, to: m }, { from: m, to: x }]`,
      /{{results\.calc}} does not name a node; expected the name of a node that runs before m/,
    ],
    [
      'a template with the result of a later node',
      `nodes: { e: { kind: entry }, m: { kind: model, prompt: ▸"{{results.n}}" }, n: { kind: model }, x: { kind: exit } }
edges: [{ from: e, to: m }, { from: m, to: n }, { from: n, to: x }]`,
      /{{results\.n}} never has a value: n does not run before m/,
    ],
    [
      'a template with its own result',
      `nodes: { e: { kind: entry }, m: { kind: model, prompt: ▸"{{results.m}}" }, x: { kind: exit } }
edges: [{ from: e, to: m }, { from: m, to: x }]`,
      /{{results\.m}} never has a value/,
    ],
    [
      'a template with the result of the entry',
      `nodes: { e: { kind: entry }, m: { kind: model, system: ▸"{{results.e}}" }, x: { kind: exit } }
edges: [{ from: e, to: m }, { from: m, to: x }]`,
      /{{results\.e}} never has a value: e is of the kind entry, which has no result; name a model or a tool/,
    ],
    [
      'a template with the result of a router',
      `nodes:
  e: { kind: entry }
  r: { kind: router, routes: { a: { keywords: [a] } }, default: b }
  m: { kind: model, prompt: ▸"{{results.r}}" }
  x: { kind: exit }
edges: [{ from: e, to: r }, { from: r, to: m, when: a }, { from: r, to: x, when: b }, { from: m, to: x }]`,
      /{{results\.r}} never has a value: r is of the kind router, which/,
    ],
    [
      'a step limit below the length of the shortest path',
      `limits: { steps: ▸2 }
nodes: { e: { kind: entry }, m: { kind: model }, x: { kind: exit } }
edges: [{ from: e, to: m }, { from: m, to: x }]`,
      /limits\.steps is 2, but the shortest path from e to an exit has 3 nodes; expected 3 or more\.$/,
    ],
  ];
  for (const [what, text, message] of refusals) {
    it(`reject ${what}`, () => expect(graphErrorMessage(`name: a\n${text}`)).to.match(message));
  }

  it('accept a step limit equal to the length of the shortest path', () => {
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

  it('accept a template with the result of an earlier node', () => {
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
