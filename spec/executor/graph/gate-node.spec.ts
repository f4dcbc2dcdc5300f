import { expect } from 'chai';
import { GraphExecutor } from '../../../lib/executor/graph/executor.js';
import { EmbeddedClient } from '../../../lib/executor/models/embedded-client.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';
import { graphOf, notesOf, watched } from '../../support/graph-of.js';
import { graphSamples } from '../../support/graph-samples.js';
import { StubModel } from '../../support/stub-model.js';

const judging = 'You judge';

/** A model with two lists of answers: one for requests of a judge, one for other requests. */
function model(answers: readonly string[], verdicts: readonly string[] = []): StubModel {
  const left = { answers: [...answers], verdicts: [...verdicts] };
  return new StubModel(({ system = '' }) => {
    const list = system.startsWith(judging) ? left.verdicts : left.answers;
    return (list.length > 1 ? list.shift() : list[0]) ?? '';
  });
}

function gated(gate: string, more: readonly string[] = []) {
  const nodes = ['draft: { kind: model }', `check: { kind: gate, ${gate} }`, ...more];
  return graphOf(nodes, {
    way: ['draft', 'check pass', 'good'],
    edges: ['{ from: check, to: bad, when: fail }', '{ from: bad, to: exit }'],
  });
}

const ways = [
  'good: { kind: transform, template: "good" }',
  'bad: { kind: transform, template: "bad: {{results.check}}" }',
];

async function answered(gate: string, client: StubModel, more: readonly string[] = []) {
  const { answer, trace } = await new GraphExecutor(gated(gate, [...ways, ...more]), { model: client }).execute('why?');
  return { answer, notes: notesOf(trace) };
}

describe('GateNode', () => {
  const rules: readonly [rule: string, answer: string, says: string][] = [
    ['min_length: 5', 'four', 'bad: 4 characters; expected 5 or more'],
    ['min_length: 5', 'fives', 'good'],
    ['max_length: 4', 'fives', 'bad: 5 characters; expected 4 or fewer'],
    ['max_length: 4', '👍👍👍👍', 'good'],
    ['matches: "^\\\\d+$"', 'a 1', 'bad: no match for ^\\d+$'],
    ['matches: "^\\\\d+$"', '12', 'good'],
    ['matches: "^$"', '', 'good'],
    ['not_matches: "as an ai"', 'Well, as an AI …', 'bad: "as an AI" matches the forbidden pattern "as an ai"'],
    ['contains: [source, Date]', 'The source is dated', 'good'],
    ['contains: [source, date]', 'The source', 'bad: "date" does not occur'],
    ['contains: source', 'none', 'bad: "source" does not occur'],
    ['min_length: 2, max_length: 3, matches: a', 'abcd', 'bad: 4 characters; expected 3 or fewer'],
  ];
  for (const [rule, answer, says] of rules) {
    it(`answers ${JSON.stringify(says)} for ${JSON.stringify(answer)} and the check ${rule}`, async () => {
      expect((await answered(rule, model([answer]))).answer).to.equal(says);
    });
  }

  it('checks the result that `of` names, and an empty text if there is none', async () => {
    const graph = graphOf(
      [
        'tool: { kind: tool, tool: calculator }',
        'draft: { kind: model }',
        'check: { kind: gate, of: tool, min_length: 1 }',
        ...ways,
      ],
      {
        way: ['tool', 'draft', 'check pass', 'good'],
        edges: ['{ from: check, to: bad, when: fail }', '{ from: bad, to: exit }'],
      },
    );
    const executor = new GraphExecutor(graph, { model: model(['a draft']) });
    expect((await executor.execute('2+2')).answer).to.equal('good');
    expect((await executor.execute('a poem')).answer).to.match(/^bad: 0 characters/);
  });

  it('retries an earlier node until the checks pass, and passes the reason to it', async () => {
    const client = model(['no', 'nope', 'a long answer']);
    const { answer, notes } = await answered('min_length: 5, retry: { run: draft, attempts: 3 }', client);
    expect(answer).to.equal('good');
    expect(notes.at(2)).to.deep.equal([
      'check',
      'pass after 2 retries: all rules pass',
      { 'retry 1': [['draft']] },
      { 'retry 2': [['draft']] },
    ]);
    expect(client.requests[1]?.system).to.equal(
      'Found so far:\n- draft: no\n- check: 2 characters; expected 5 or more',
    );
    expect(client.requests[2]?.system).to.include('- check: 4 characters;');
  });

  it('stops after the maximum number of retries, and then uses the unchecked fallback', async () => {
    const client = model(['no']);
    const gate = 'min_length: 5, retry: { run: [draft], attempts: 2 }';
    expect((await answered(gate, client)).notes.at(2)).to.deep.include(
      'fail after 2 retries: 2 characters; expected 5 or more',
    );
    expect(client.requests).to.have.length(3);
    const { answer, notes } = await answered(`${gate}, fallback: canned`, client, [
      'canned: { kind: transform, template: "No." }',
    ]);
    expect(answer).to.equal('good');
    expect(notes.at(2)).to.deep.include({ fallback: [['canned', 'No.']] });
  });

  it('asks the judge if the rules pass, and counts its tokens', async () => {
    const client = model(['a draft'], ['No.', '**Yes**, it does.']);
    const { notes } = await answered('judge: "Is it about {{question}}", retry: { run: draft }', client);
    expect(notes.at(2)).to.deep.include('pass after 1 retry: judged by stub-1');
    const asked = client.requests.filter(({ system }) => system?.startsWith(judging));
    expect(asked).to.have.length(2);
    expect(asked[0]?.prompt).to.include('Is it about why?').and.include('a draft');
    const result = await new GraphExecutor(gated('judge: Is it?', ways), { model: model(['a'], ['yes']) }).execute('?');
    expect(result.usage).to.deep.equal({ inputTokens: 14, outputTokens: 6 });
  });

  it('does not ask the judge if a rule fails', async () => {
    const client = model(['no'], ['yes']);
    await answered('min_length: 5, judge: Is it?', client);
    expect(client.requests).to.have.length(1);
  });

  it('treats an unclear verdict as no, unless `unclear: pass` is set', async () => {
    const judge = 'judge: "Is it?"';
    expect((await answered(judge, model(['a'], ['Bananas.']))).answer).to.match(/^bad: stub-1 says neither yes nor no/);
    expect((await answered(`${judge}, unclear: pass`, model(['a'], ['yes and no']))).answer).to.equal('good');
  });

  it('uses only its rules if there is no language model', async () => {
    const graph = gated('min_length: 1, judge: Is it right?', ways);
    const { answer, trace } = await new GraphExecutor(graph, { model: new EmbeddedClient() }).execute('2+2');
    expect(answer).to.equal('good');
    expect(trace.at(2)?.note).to.equal('pass: all rules pass; `judge` was skipped, because there is no language model');
    const unruled = await new GraphExecutor(gated('judge: Is it?', ways), { model: new EmbeddedClient() }).execute(
      '2+2',
    );
    expect(unruled.answer).to.match(/^bad: there is no language model to judge/);
  });

  it('fails with the error of its judge, with all gauges at zero', async () => {
    const failure = new RangeError('no judge');
    const client = new StubModel(({ system = '' }) => (system.startsWith(judging) ? failure : 'a draft'));
    const graph = watched(gated('judge: Is it?', ways));
    const error = await new GraphExecutor(graph, { model: client }).execute('?').catch((reason: unknown) => reason);
    expect(error).to.equal(failure);
    expect(await graphSamples(graph.name)).to.include({
      'tinyllm_node_errors_total node="check" error_type="RangeError"': 1,
      'tinyllm_active_nodes node="check"': 0,
      tinyllm_active_graphs: 0,
    });
  });

  it('counts each execution of a retried node', async () => {
    const graph = watched(gated('min_length: 5, retry: { run: draft, attempts: 2 }', ways));
    await new GraphExecutor(graph, { model: model(['no']) }).execute('?');
    expect(await graphSamples(graph.name)).to.include({
      'tinyllm_node_executions_total node="draft"': 3,
      'tinyllm_node_executions_total node="check"': 1,
      'tinyllm_active_nodes node="draft"': 0,
    });
  });

  const gateText = (gate: string) => `name: g
nodes:
  e: { kind: entry }
  a: { kind: model }
  g: { kind: gate, ${gate} }
  b: { kind: model }
  x: { kind: exit }
edges:
  - { from: e, to: a }
  - { from: a, to: g }
  - { from: g, to: x, when: pass }
  - { from: g, to: b, when: fail }
  - { from: b, to: x }
`;
  const refusals: readonly [what: string, text: string, message: RegExp][] = [
    ['nothing to check', gateText('unclear: pass').replace('g: {', '▸g: {'), /expected something to check: min_length/],
    [
      'a retry of a later node',
      gateText('min_length: 1, retry: { run: ▸b }'),
      /g cannot retry b: b does not run before g/,
    ],
    ['a retry of itself', gateText('min_length: 1, retry: { run: ▸g }'), /cycle: g runs g; remove one of these calls/],
    [
      'a retry of the entry',
      gateText('min_length: 1, retry: { run: ▸e }'),
      /g cannot run e: a run executes its entry only once/,
    ],
    ['a fallback that is not a node', gateText('min_length: 1, fallback: ▸bb'), /no node is named "bb"/],
    ['a reference to a missing node', gateText('min_length: 1, of: ▸c'), /of: c does not name a node/],
    [
      'a reference to the result of a later node',
      gateText('min_length: 1, of: ▸b'),
      /of: b never has a value: b does not run before g/,
    ],
    ['a bad pattern', gateText('matches: ▸"("'), /expected a regular expression/],
    [
      'no attempts',
      gateText('min_length: 1, retry: { run: a, attempts: ▸0 }'),
      /expected a whole number from 1 to 100/,
    ],
    [
      'an unknown route',
      gateText('min_length: 1').replace('when: pass', 'when: ▸passed'),
      /g has no route "passed"; .*mean "pass"/,
    ],
  ];
  for (const [what, text, message] of refusals) {
    it(`is rejected with ${what}`, () => expect(graphErrorMessage(text)).to.match(message));
  }
});
