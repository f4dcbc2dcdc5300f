import { expect } from 'chai';
import { RouterNode } from '../../lib/graph/router-node.js';
import { refused } from '../support/refused-graph.js';
import { StubModel } from '../support/stub-model.js';

function withRouter(settings: string): string {
  return `name: a\nnodes:\n  entry: { kind: entry }\n  router: { kind: router, ${settings} }\nedges: []`;
}

describe('RouterNode', () => {
  const router = new RouterNode('router', { routes: { math: { keywords: ['sum'] } }, default: 'rest' });
  const choose = (question: string) =>
    router.execute({ question, results: new Map(), answer: undefined }, { graph: 'g', model: new StubModel() });

  it('takes the route most clues speak for, and says why', async () => {
    expect(await choose('a sum')).to.include({ route: 'math', note: 'math (score 1)' });
  });

  it('takes the default route when nothing speaks for any', async () => {
    expect(await choose('a song')).to.include({ route: 'rest', note: 'rest (default)' });
  });

  it('counts a default among its routes once', () => {
    expect(router.routes).to.deep.equal(['math', 'rest']);
    expect(new RouterNode('r', { routes: { a: { keywords: [] } }, default: 'a' }).routes).to.deep.equal(['a']);
  });

  const refusals: readonly [what: string, text: string, message: RegExp][] = [
    ['no routes', 'default: a', /nodes\.router\.routes is missing; expected a map/],
    ['an empty map of routes', 'routes: {}, default: a', /routes is an empty map; expected at least one route/],
    ['no default', 'routes: { a: { keywords: [x] } }', /nodes\.router\.default is missing; expected a text/],
  ];
  for (const [what, settings, message] of refusals) {
    const text = withRouter(settings);
    const place = settings.startsWith('routes: {}')
      ? text.replace('routes:', '▸routes:')
      : text.replace('router:', '▸router:');
    it(`is refused with ${what}`, () => expect(refused(place)).to.match(message));
  }

  const placed: readonly [what: string, settings: string, message: RegExp][] = [
    [
      'a route without clues',
      'routes: { ▸a: {} }, default: a',
      /routes\.a is an empty map; expected keywords, a pattern/,
    ],
    ['an empty keyword', 'routes: { a: { keywords: [▸" "] } }, default: a', /keywords\[0\] is " "; expected a word/],
    [
      'a keyword that is a number',
      'routes: { a: { keywords: [▸7] } }, default: a',
      /keywords\[0\] is 7; expected a text/,
    ],
    [
      'a broken pattern',
      'routes: { a: { pattern: ▸"(" } }, default: a',
      /pattern is "\("; expected a regular expression/,
    ],
    ['a route named badly', 'routes: { ▸"a b": { keywords: [x] } }, default: a', /routes\["a b"\]: expected a name/],
    [
      'a mistyped clue',
      'routes: { a: { ▸keyword: [x] } }, default: a',
      /routes\.a: unknown key "keyword"; .*"keywords"\?/,
    ],
    ['a mistyped setting', 'routs: {}, default: a', /unknown key "routs"; .*Did you mean "routes"\?/],
  ];
  for (const [what, settings, message] of placed) {
    const text = withRouter(settings).replace('routs', '▸routs');
    it(`is refused with ${what}`, () => expect(refused(text)).to.match(message));
  }
});
