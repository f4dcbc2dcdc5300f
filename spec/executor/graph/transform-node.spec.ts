import { expect } from 'chai';
import { GraphExecutor } from '../../../lib/executor/graph/executor.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';
import { graphOf } from '../../support/graph-of.js';
import { StubModel } from '../../support/stub-model.js';

async function transformed(settings: string, answer: string, question = 'a question') {
  const graph = graphOf(['draft: { kind: model }', `t: { kind: transform, ${settings} }`], { way: ['draft', 't'] });
  return new GraphExecutor(graph, { model: new StubModel(() => answer) }).execute(question);
}

describe('TransformNode', () => {
  const cases: readonly [settings: string, text: string, made: string][] = [
    ['template: "{{question}} -> {{results.draft}}"', 'so', 'a question -> so'],
    ['extract: "\\\\d+"', 'it is 42, not 43', '42'],
    ['extract: "<a>(.*)</a>|b(.*)"', 'x <a>in</a>', 'in'],
    ['json: ""', 'Here you are:\n```json\n{ "a": [1, 2] }\n```', '{"a":[1,2]}'],
    ['json: "items[1].name"', '{"items":[{"name":"one"},{"name":"two"}]}', 'two'],
    ['json: n', 'The result: {"n": 0}.', '0'],
    ['apply: [trim, upper]', '  so ', 'SO'],
    ['apply: lower', 'SO', 'so'],
    ['of: draft, extract: "n=(\\\\w+)", apply: upper', 'n=abc', 'ABC'],
  ];
  for (const [settings, text, made] of cases) {
    it(`with ${settings} returns ${JSON.stringify(made)}`, async () => {
      const { answer, trace } = await transformed(settings, text);
      expect(answer).to.equal(made);
      expect(trace.at(2)).to.include({ node: 't', kind: 'transform', note: made });
    });
  }

  for (const [settings, text] of [
    ['extract: "\\\\d+"', 'none'],
    ['json: a', 'no JSON'],
    ['json: a.b', '{"a":1}'],
    ['json: a.constructor', '{"a":{}}'],
    ['json: "[0]"', '[null]'],
  ] as const) {
    it(`finds nothing with ${settings} in ${text}, and does not change the answer`, async () => {
      const { answer, trace } = await transformed(settings, text);
      expect(answer).to.equal(text);
      expect(trace.at(2)?.note).to.equal('nothing found');
    });
  }

  it('uses the question if there is no result yet', async () => {
    const graph = graphOf(['t: { kind: transform, apply: upper }'], { way: ['t'] });
    expect((await new GraphExecutor(graph, { model: new StubModel() }).execute('loud')).answer).to.equal('LOUD');
  });

  const text = (settings: string) => `name: a
nodes: { e: { kind: entry }, t: { kind: transform, ${settings} }, x: { kind: exit } }
edges: [{ from: e, to: t }, { from: t, to: x }]`;
  const refusals: readonly [what: string, text: string, message: RegExp][] = [
    ['nothing to do', text('of: t').replace('t: {', '▸t: {'), /expected something to do/],
    ['two sources', text('of: e, template: a').replace('t: {', '▸t: {'), /has both `of` and `template`/],
    ['an invalid path', text('json: ▸"a..b"'), /expected a path such as items\[0\]\.name/],
    ['an unknown change', text('apply: ▸uper'), /expected trim, upper, lower, or a list of these/],
    ['a reference to its own result', text('of: ▸t, apply: trim'), /of: t never has a value/],
  ];
  for (const [what, graph, message] of refusals) {
    it(`is rejected with ${what}`, () => expect(graphErrorMessage(graph)).to.match(message));
  }
});
