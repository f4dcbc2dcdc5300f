import { expect } from 'chai';
import { toMermaid } from '../../../lib/executor/graph/mermaid.js';
import { parseGraph } from '../../../lib/executor/graph/parse-graph.js';

describe('toMermaid', () => {
  it('draws each node kind in its shape, and routes as edge labels', () => {
    const graph = parseGraph(`name: a
nodes:
  entry: { kind: entry }
  router: { kind: router, routes: { math: { keywords: [sum] } }, default: rest }
  calc: { kind: tool, tool: calculator }
  end: { kind: model }
  exit: { kind: exit }
edges:
  - { from: entry, to: router }
  - { from: router, to: calc, when: math }
  - { from: router, to: end, when: rest }
  - { from: calc, to: end }
  - { from: end, to: exit }
`);
    expect(toMermaid(graph)).to.equal(`flowchart LR
  n0(["entry"])
  n1{"router"}
  n2[["calc"]]
  n3["end"]
  n4(["exit"])
  n0 --> n1
  n1 -->|"math"| n2
  n1 -->|"rest"| n3
  n2 --> n3
  n3 --> n4
`);
  });

  it('draws dotted arrows to nodes that other nodes run', () => {
    const graph = parseGraph(`name: a
nodes:
  e: { kind: entry }
  f: { kind: fanout, branches: { facts: [m, n], style: n } }
  m: { kind: model }
  n: { kind: model }
  l: { kind: loop, body: m, max: 2 }
  g: { kind: gate, min_length: 1, retry: { run: l } }
  t: { kind: transform, apply: trim }
  x: { kind: exit }
edges:
  - { from: e, to: f }
  - { from: f, to: l }
  - { from: l, to: g }
  - { from: g, to: x, when: pass }
  - { from: g, to: t, when: fail }
  - { from: t, to: x }
`);
    expect(toMermaid(graph)).to.equal(`flowchart LR
  n0(["e"])
  n1[/"f"\\]
  n2["m"]
  n3["n"]
  n4[/"l"/]
  n5{{"g"}}
  n6[\\"t"\\]
  n7(["x"])
  n0 --> n1
  n1 --> n4
  n4 --> n5
  n5 -->|"pass"| n7
  n5 -->|"fail"| n6
  n6 --> n7
  n1 -.->|"facts"| n2
  n2 -.-> n3
  n1 -.->|"style"| n3
  n4 -.->|"body"| n2
  n5 -.->|"retry"| n4
`);
  });

  it('writes special characters of Mermaid and HTML as entity codes', () => {
    const node = { id: 'a"b#c<d>', kind: 'other', execute: () => Promise.reject(new Error('not run')) };
    const graph = { name: 'a', limits: { steps: 1 }, entry: node.id, nodes: new Map([[node.id, node]]), edges: [] };
    expect(toMermaid(graph)).to.equal('flowchart LR\n  n0["a#34;b#35;c#60;d#62;"]\n');
  });
});
