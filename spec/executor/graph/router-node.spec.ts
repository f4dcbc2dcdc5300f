import { expect } from 'chai';
import { ModelUnavailableError } from '../../../lib/core/errors/model-errors.js';
import { GraphRunError } from '../../../lib/executor/errors/graph-errors.js';
import { RouterNode } from '../../../lib/executor/graph/router-node.js';
import { EmbeddedClient } from '../../../lib/executor/models/embedded-client.js';
import type { ModelClient } from '../../../lib/executor/models/model-client.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';
import { StubModel } from '../../support/stub-model.js';

function withRouter(settings: string): string {
  return `name: a\nnodes:\n  entry: { kind: entry }\n  router: { kind: router, ${settings} }\nedges: []`;
}

describe('RouterNode', () => {
  const router = new RouterNode('router', { routes: { math: { keywords: ['sum'] } }, default: 'rest' });
  const choose = (question: string) =>
    router.execute({ question, results: new Map(), answer: undefined }, { graph: 'g', model: new StubModel() });

  it('takes the route with the most clues, and notes the score', async () => {
    expect(await choose('a sum')).to.include({ route: 'math', note: 'math (score 1)' });
  });

  it('takes the default route without clues', async () => {
    expect(await choose('a song')).to.include({ route: 'rest', note: 'rest (default)' });
  });

  it('lists a default route only once', () => {
    expect(router.routes).to.deep.equal(['math', 'rest']);
    expect(new RouterNode('r', { routes: { a: { keywords: [] } }, default: 'a' }).routes).to.deep.equal(['a']);
  });

  describe('with a model', () => {
    const routes = {
      math: { keywords: ['sum'], description: 'arithmetic' },
      code: { keywords: ['bug', 'script'] },
    };
    const chosen = async (by: 'auto' | 'model', model: ModelClient, question = 'a sum') =>
      new RouterNode('r', { by, routes, default: 'rest' }).execute(
        { question, results: new Map(), answer: undefined },
        { graph: 'g', model },
      );

    it('asks the model to choose a route, and notes it', async () => {
      const model = new StubModel(() => '**Code**');
      expect(await chosen('auto', model)).to.deep.include({
        route: 'code',
        note: 'code (model stub-1)',
        usage: { inputTokens: 7, outputTokens: 3 },
      });
      expect(model.requests[0]?.prompt).to.include('- math: arithmetic\n- code: bug, script\n- rest: anything else\n');
      expect(model.requests[0]?.graph).to.equal('g');
    });

    it('reads a route from an answer with a long run of punctuation', async () => {
      const answer = `a${'.'.repeat(80_000)}b code`;
      expect(await chosen('model', new StubModel(() => answer))).to.include({ route: 'code' });
    }).timeout(5_000);

    it('falls back to keywords if the answer names no route, and notes it', async () => {
      for (const answer of ['Bananas.', 'math or code', '']) {
        const outcome = await chosen('auto', new StubModel(() => answer));
        expect(outcome).to.include({ route: 'math', note: 'math (score 1; stub-1 named no route)' });
        expect(outcome.usage).to.deep.equal({ inputTokens: 7, outputTokens: 3 });
      }
    });

    it('falls back to keywords if the model fails, or if there is no language model', async () => {
      const failure = new ModelUnavailableError('gone', { provider: 'stub' });
      expect((await chosen('auto', new StubModel(() => failure))).note).to.equal('math (score 1; the model failed)');
      expect((await chosen('auto', new EmbeddedClient(), 'a song')).note).to.equal('rest (default; no language model)');
      const bug = new RangeError('a bug');
      expect(await chosen('auto', new StubModel(() => bug)).catch((error: unknown) => error)).to.equal(bug);
    });

    it('does not fall back with `by: model`', async () => {
      const failure = new ModelUnavailableError('gone', { provider: 'stub' });
      expect((await chosen('model', new StubModel(() => 'hm'))).note).to.equal('rest (default; stub-1 named no route)');
      expect(await chosen('model', new StubModel(() => failure)).catch((error: unknown) => error)).to.equal(failure);
      const refusal = await chosen('model', new EmbeddedClient()).catch((error: unknown) => error);
      expect(refusal).to.be.instanceOf(GraphRunError).with.property('message').that.includes('set `by: auto`');
    });
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
    it(`is rejected with ${what}`, () => expect(graphErrorMessage(place)).to.match(message));
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
    ['an invalid route name', 'routes: { ▸"a b": { keywords: [x] } }, default: a', /routes\["a b"\]: expected a name/],
    [
      'a mistyped clue',
      'routes: { a: { ▸keyword: [x] } }, default: a',
      /routes\.a: unknown key "keyword"; .*"keywords"\?/,
    ],
    ['a mistyped setting', 'routs: {}, default: a', /unknown key "routs"; .*Did you mean "routes"\?/],
  ];
  for (const [what, settings, message] of placed) {
    const text = withRouter(settings).replace('routs', '▸routs');
    it(`is rejected with ${what}`, () => expect(graphErrorMessage(text)).to.match(message));
  }
});
