import { expect } from 'chai';
import { GraphRunError } from '../../../lib/executor/errors/graph-errors.js';
import { GraphExecutor } from '../../../lib/executor/graph/executor.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';
import { graphOf, notesOf, watched } from '../../support/graph-of.js';
import { graphSamples } from '../../support/graph-samples.js';
import { StubModel } from '../../support/stub-model.js';

/** A model that counts its calls: 1, 2, 3. */
function counting(): StubModel {
  let count = 0;
  return new StubModel(() => {
    count++;
    return String(count);
  });
}

const looped = (settings: string, more: readonly string[] = []) =>
  graphOf(['m: { kind: model }', `l: { kind: loop, ${settings} }`, ...more], { way: ['l'] });

describe('LoopNode', () => {
  it('repeats its body until the result passes the checks', async () => {
    const graph = watched(looped('body: m, until: { matches: "^3$" }, max: 9'));
    const { answer, trace } = await new GraphExecutor(graph, { model: counting() }).execute('?');
    expect(answer).to.equal('3');
    expect(notesOf(trace).at(1)).to.deep.equal([
      'l',
      '3 rounds: all rules pass',
      { 'round 1': [['m']] },
      { 'round 2': [['m']] },
      { 'round 3': [['m']] },
    ]);
    expect(await graphSamples(graph.name)).to.include({
      'tinyllm_node_executions_total node="m"': 3,
      'tinyllm_node_executions_total node="l"': 1,
    });
  });

  it('starts each round with the message of the round before', async () => {
    const model = counting();
    await new GraphExecutor(looped('body: m, max: 3'), { model }).execute('?');
    expect(model.requests.map(({ system }) => system)).to.deep.equal([
      undefined,
      'Found so far:\n- m: 1',
      'Found so far:\n- m: 2',
    ]);
  });

  it('ends when the gate in its body passes, and skips the nodes after a failed gate', async () => {
    const more = ['g: { kind: gate, matches: "[2-9]" }', 't: { kind: transform, template: "got {{results.m}}" }'];
    const graph = looped('body: [m, g, t], max: 5', more);
    const { answer, trace } = await new GraphExecutor(graph, { model: counting() }).execute('?');
    expect(answer).to.equal('got 2');
    expect(trace.at(1)?.note).to.equal('2 rounds: its gate passed');
    expect(trace.at(1)?.parts?.map(({ trace: inner }) => inner.length)).to.deep.equal([2, 3]);
  });

  it('ends after the maximum number of rounds with the last result, or fails with `at_max: fail`', async () => {
    const settings = 'body: m, until: { matches: x }, max: 2';
    const { answer, trace } = await new GraphExecutor(looped(settings), { model: counting() }).execute('?');
    expect(answer).to.equal('2');
    expect(trace.at(1)?.note).to.equal('stopped at the maximum of 2 rounds: no match for x');
    const failing = watched(looped(`${settings}, at_max: fail`));
    const error = await new GraphExecutor(failing, { model: counting() })
      .execute('?')
      .catch((reason: unknown) => reason);
    expect(error)
      .to.be.instanceOf(GraphRunError)
      .with.property('message')
      .that.matches(/^The loop l did not succeed in 2 rounds: no match for x/);
    expect(await graphSamples(failing.name)).to.include({
      'tinyllm_graph_errors_total error_type="GraphRunError"': 1,
      'tinyllm_active_nodes node="l"': 0,
      tinyllm_active_graphs: 0,
    });
  });

  it('asks a model to judge its rounds, and counts the tokens', async () => {
    let asked = 0;
    const model = new StubModel(({ system = '' }) => {
      if (!system.startsWith('You judge')) return 'a draft';
      asked++;
      return asked < 2 ? 'no' : 'yes';
    });
    const result = await new GraphExecutor(looped('body: m, until: { judge: Is it good? }, max: 5'), { model }).execute(
      '?',
    );
    expect(result.trace.at(1)?.note).to.equal('2 rounds: judged by stub-1');
    expect(result.usage).to.deep.equal({ inputTokens: 28, outputTokens: 12 });
  });

  it('provides its result and the results of its body to later templates', async () => {
    const nodes = [
      'm: { kind: model }',
      'l: { kind: loop, body: m, max: 2 }',
      't: { kind: transform, template: "{{results.l}} {{results.m}}" }',
    ];
    const graph = graphOf(nodes, { way: ['l', 't'] });
    expect((await new GraphExecutor(graph, { model: counting() }).execute('?')).answer).to.equal('2 2');
  });

  it('can run a fanout and other loops', async () => {
    const more = ['f: { kind: fanout, branches: { a: m, b: m }, join: vote }', 'k: { kind: loop, body: [f], max: 2 }'];
    const { answer, trace } = await new GraphExecutor(looped('body: k, max: 2', more), { model: counting() }).execute(
      '?',
    );
    expect(answer).to.equal('7');
    expect(trace.at(1)).to.include({ inputTokens: 56, outputTokens: 24 });
  });

  it('accepts references to the previous round, but not to later nodes outside a loop', () => {
    const nodes = ['n: { kind: model, prompt: "{{results.n}} {{results.m}}" }', 'm: { kind: model }'];
    graphOf([...nodes, 'l: { kind: loop, body: [n, m], max: 2 }'], { way: ['l'] });
    expect(() => graphOf([...nodes, 'l: { kind: fanout, branches: { a: [n, m] } }'], { way: ['l'] })).to.throw(
      '{{results.n}} never has a value',
    );
  });

  const text = (settings: string) => `name: a
nodes:
  e: { kind: entry }
  m: { kind: model }
  l: { kind: loop, ${settings} }
  x: { kind: exit }
edges: [{ from: e, to: l }, { from: l, to: x }]`;
  const refusals: readonly [what: string, text: string, message: RegExp][] = [
    ['no maximum', text('body: m').replace('l: {', '▸l: {'), /nodes\.l\.max is missing/],
    ['a maximum of 0', text('body: m, max: ▸0'), /expected a whole number from 1 to 1000/],
    ['an `until` without checks', text('body: m, max: 2, ▸until: { unclear: pass }'), /expected something to check/],
    [
      'a body that contains the loop itself',
      text('body: [m, ▸l], max: 2').replace('▸', '').replace('body:', '▸body:'),
      /cycle: l runs l/,
    ],
    [
      'an `until` for a missing node',
      text('body: m, max: 2, ▸until: { of: q, min_length: 1 }'),
      /of: q does not name a node/,
    ],
  ];
  for (const [what, graph, message] of refusals) {
    it(`is rejected with ${what}`, () => expect(graphErrorMessage(graph)).to.match(message));
  }
});
