import { expect } from 'chai';
import { parseGraph } from '../../../lib/executor/graph/parse-graph.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';

const text = (
  model: string,
  top = 'models: { small: { provider: embedded }, big: { provider: ollama, fallback: [small] } }',
) => `name: a
${top}
nodes:
  e: { kind: entry }
  r: { kind: router, by: auto, model: small, routes: { m: { description: a } }, default: m }
  m: { kind: model${model} }
  x: { kind: exit }
edges: [{ from: e, to: r }, { from: r, to: m, when: m }, { from: m, to: x }]`;

describe('the models of a graph', () => {
  it('have settings, and nodes refer to them by name', () => {
    const graph = parseGraph(text(', model: big'));
    expect(graph.models).to.deep.equal({
      small: { provider: 'embedded' },
      big: { provider: 'ollama', fallback: ['small'] },
    });
    expect([...graph.nodes.values()].map(({ modelName }) => modelName)).to.deep.equal([
      undefined,
      'small',
      'big',
      undefined,
    ]);
    expect(graph).not.to.have.property('cache');
  });

  it('allow the name default without a setting', () => {
    expect(parseGraph(text(', model: default')).nodes.get('m')?.modelName).to.equal('default');
  });

  it('can have a cache', () => {
    const cache = (settings: string) => parseGraph(text('', `models: { small: {} }\ncache: ${settings}`)).cache;
    expect(cache('{}')).to.deep.equal({ store: 'memory' });
    expect(cache('{ store: redis://127.0.0.1:6379, ttl: 60, max_entries: 10 }')).to.deep.equal({
      store: 'redis://127.0.0.1:6379',
      ttl: 60,
      max_entries: 10,
    });
  });

  const refusals: readonly [what: string, text: string, message: RegExp][] = [
    [
      'an unknown model name',
      text(', model: ▸bg'),
      /no model is named "bg"; expected small, big, default\. Did you mean "big"\?/,
    ],
    [
      'a node that names a model in a graph without models',
      text(', model: ▸big', 'limits: {}').replace('model: small, ', ''),
      /no model is named "big"; add it under `models`/,
    ],
    [
      'an unknown setting',
      text('', 'models: { small: { ▸provder: ollama } }'),
      /models\.small: unknown key "provder"; .*mean "provider"/,
    ],
    [
      'an unknown fallback',
      text('', 'models: { small: { fallback: [▸bg] } }'),
      /no model is named "bg"; add it under `models`/,
    ],
    [
      'an invalid cache store',
      text('', 'models: { small: {} }\ncache: { store: ▸disk }'),
      /cache\.store is "disk"; expected memory, or a Redis address/,
    ],
  ];
  for (const [what, graph, message] of refusals) {
    it(`are rejected with ${what}`, () => expect(graphErrorMessage(graph)).to.match(message));
  }
});
