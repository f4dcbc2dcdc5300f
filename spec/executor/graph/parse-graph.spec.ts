import { expect } from 'chai';
import { GraphError } from '../../../lib/executor/errors/graph-errors.js';
import { parseGraph } from '../../../lib/executor/graph/parse-graph.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';

const chain = `
nodes:
  entry: { kind: entry }
  model: { kind: model }
  exit: { kind: exit }
edges:
  - { from: entry, to: model }
  - { from: model, to: exit }
`;

describe('parseGraph', () => {
  it('reads nodes, edges and limits in the order of the file', () => {
    const graph = parseGraph(`name: chain\nlimits: { steps: 9 }${chain}`);
    expect(graph.name).to.equal('chain');
    expect(graph.limits).to.deep.equal({ steps: 9 });
    expect(graph.entry).to.equal('entry');
    expect([...graph.nodes.keys()]).to.deep.equal(['entry', 'model', 'exit']);
    expect([...graph.nodes.values()].map(({ kind }) => kind)).to.deep.equal(['entry', 'model', 'exit']);
    expect(graph.edges).to.deep.equal([
      { from: 'entry', to: 'model' },
      { from: 'model', to: 'exit' },
    ]);
  });

  it('allows 50 steps by default', () => {
    expect(parseGraph(`name: chain${chain}`).limits).to.deep.equal({ steps: 50 });
    expect(parseGraph(`name: chain\nlimits: {}${chain}`).limits).to.deep.equal({ steps: 50 });
  });

  it('reads labels', () => {
    expect(parseGraph(`name: chain${chain}`)).to.not.have.property('labels');
    const { labels } = parseGraph(`name: chain\nlabels: { tenant: acme, env: "1" }${chain}`);
    expect(labels).to.deep.equal({ tenant: 'acme', env: '1' });
  });

  it('accepts several exits, and nodes named like the properties of plain objects', () => {
    const graph = parseGraph(`name: constructor
nodes:
  entry: { kind: entry }
  constructor: { kind: router, routes: { toString: { keywords: [a] } }, default: valueOf }
  hasOwnProperty: { kind: exit }
  exit: { kind: exit }
edges:
  - { from: entry, to: constructor }
  - { from: constructor, to: hasOwnProperty, when: toString }
  - { from: constructor, to: exit, when: valueOf }
`);
    expect(graph.nodes.size).to.equal(4);
    expect(graph.nodes.get('constructor')?.routes).to.deep.equal(['toString', 'valueOf']);
  });

  it('expands aliases', () => {
    const graph = parseGraph(`name: aliased
nodes:
  entry: { kind: entry }
  one: &model { kind: model, system: Be brief. }
  two: *model
  exit: { kind: exit }
edges: [{ from: entry, to: one }, { from: one, to: two }, { from: two, to: exit }]
`);
    expect(graph.nodes.get('two')?.kind).to.equal('model');
  });

  it('omits the file from the message if it has no name', () => {
    expect(() => parseGraph('nodes: {}')).to.throw(GraphError, /^1:1: name is missing; expected a text\.$/);
  });

  const refusals: readonly [what: string, text: string, message: RegExp][] = [
    ['an empty text', '▸', /the graph is empty; expected name, nodes and edges/],
    ['a text of comments', '▸# nothing\n', /the graph is empty/],
    ['a text that is not a map', '▸just words', /the graph is "just words"; expected a map/],
    ['a missing name', `▸nodes: {}\nedges: []`, /name is missing; expected a text/],
    ['a name that is a number', `name: ▸12${chain}`, /name is 12; expected a text/],
    ['a name that is not a valid label value', `name: ▸"a b"${chain}`, /name is "a b"; expected a name: a letter/],
    ['a name that is too long', `name: ▸${'a'.repeat(65)}${chain}`, /name is "a+…"; expected a name/],
    ['missing nodes', '▸name: a\nedges: []', /nodes is missing; expected a map/],
    ['empty nodes', 'name: a\n▸nodes:\nedges: []', /nodes is empty; expected a map/],
    ['an empty map of nodes', 'name: a\n▸nodes: {}\nedges: []', /nodes is an empty map; expected at least an entry/],
    ['nodes that are a list', 'name: a\n▸nodes: []\nedges: []', /nodes is an empty list; expected a map/],
    ['missing edges', '▸name: a\nnodes: { e: { kind: entry } }', /edges is missing; expected a list/],
    ['an unknown key', `name: a\n▸edge: []${chain}`, /unknown key "edge"; expected name, .*Did you mean "edges"\?/],
    ['an unknown limit', `name: a\nlimits: { ▸step: 3 }${chain}`, /limits: unknown key "step"; .*mean "steps"\?/],
    ['zero steps', `name: a\nlimits: { steps: ▸0 }${chain}`, /limits\.steps is 0; .*from 1 to 10000/],
    [
      'a fractional number of steps',
      `name: a\nlimits: { steps: ▸1.5 }${chain}`,
      /limits\.steps is 1\.5; expected a whole number/,
    ],
    ['infinite steps', `name: a\nlimits: { steps: ▸.inf }${chain}`, /limits\.steps is Infinity; expected a /],
    ['steps in words', `name: a\nlimits: { steps: ▸many }${chain}`, /limits\.steps is "many"; expected a number/],
    ['labels that are a list', `name: a\n▸labels: [tenant]${chain}`, /labels is a list; expected a map/],
    ['a label that is a number', `name: a\nlabels: { team: ▸7 }${chain}`, /labels\.team is 7; expected a text/],
    ['an empty label', `name: a\nlabels: { team: ▸"" }${chain}`, /labels\.team is ""; expected a text of 1 to 256/],
    [
      'a label with a line break',
      `name: a\nlabels: { team: ▸"a\\nb" }${chain}`,
      /labels\.team is "a\\nb"; expected a text/,
    ],
    [
      'a label name with a dash',
      `name: a\nlabels: { ▸my-team: a }${chain}`,
      /labels\.my-team: contains "my-team"; expected/,
    ],
    [
      'a label of the catalog',
      `name: a\nlabels: { team: a, ▸model: b }${chain}`,
      /labels\.model: contains "model", which is a label of tinyllm_\w+; choose another name\./,
    ],
    [
      '17 labels',
      `name: a\n▸labels: { ${Array.from({ length: 17 }, (_, index) => `l${index}: a`).join(', ')} }${chain}`,
      /labels is a map; expected at most 16 labels, but there are 17\. Remove 1 of them\./,
    ],
    [
      'an invalid cache store, without its password',
      `name: a\ncache: { store: ▸"http://me:secret@host" }${chain}`,
      /cache\.store is "http:\/\/\*\*\*@host"; expected memory, or a Redis address/,
    ],
    [
      'a cache with an invalid Redis address',
      `name: a\ncache: { store: ▸"redis://:secret@host:99999" }${chain}`,
      /cache\.store is "redis:\/\/\*\*\*@host:99999"; expected/,
    ],
    ['a node that is a word', 'name: a\nnodes: { e: ▸entry }\nedges: []', /nodes\.e is "entry"; expected a map/],
    ['a node without a kind', 'name: a\nnodes: { ▸e: {} }\nedges: []', /nodes\.e\.kind is missing; expected a text/],
    ['a bad node name', 'name: a\nnodes: { ▸1st: { kind: entry } }\nedges: []', /nodes\.1st: expected a name/],
    [
      'an edge that is a word',
      'name: a\nnodes: { e: { kind: entry } }\nedges: [▸e]',
      /edges\[0\] is "e"; expected a map/,
    ],
    [
      'an edge without a target',
      'name: a\nnodes: { e: { kind: entry } }\nedges: [▸{ from: e }]',
      /edges\[0\]\.to is missing; expected a text/,
    ],
    ['a key of two lines', 'name: a\n▸"b\\nc": 1\nnodes: {}\nedges: []', /unknown key "b\\nc"; expected/],
    [
      'a node name of two lines',
      'name: a\nnodes: { ▸"b\\nc": { kind: entry } }\nedges: []',
      /nodes\["b\\nc"\]: expected a/,
    ],
    [
      'a very long kind',
      `name: a\nnodes: { e: { kind: ▸${'k'.repeat(9999)} } }\nedges: []`,
      /is "k{59}…"; expected a name/,
    ],
    [
      'an unknown node kind',
      'name: a\nnodes: { e: { kind: entry }, r: { kind: ▸ruoter } }\nedges: []',
      /no node kind is named "ruoter"; expected entry, router, .*Did you mean "router"\?/,
    ],
    [
      'a node kind unlike any other',
      'name: a\nnodes: { e: { kind: ▸oracle } }\nedges: []',
      /no node kind is named "oracle"; expected entry, router, model, tool, gate, transform, fanout, loop, exit\.$/,
    ],
    [
      'an unknown setting of the kind',
      'name: a\nnodes:\n  e: { kind: entry, ▸system: x }\nedges: []',
      /nodes\.e: unknown key "system"; expected kind\.$/,
    ],
  ];
  for (const [what, text, message] of refusals) {
    it(`rejects ${what}`, () => expect(graphErrorMessage(text)).to.match(message));
  }
});
