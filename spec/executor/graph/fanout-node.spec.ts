import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { GraphRunError } from '../../../lib/executor/errors/graph-errors.js';
import { GraphExecutor } from '../../../lib/executor/graph/executor.js';
import type { ModelRequest } from '../../../lib/executor/models/model-client.js';
import { eventually } from '../../support/eventually.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';
import { graphOf, notesOf, watched } from '../../support/graph-of.js';
import { graphSamples } from '../../support/graph-samples.js';
import { type StubAnswer, StubModel } from '../../support/stub-model.js';

const nodes = ['a: { kind: model, system: A }', 'b: { kind: model, system: B }', 'c: { kind: model, system: C }'];

/** Identifies the requesting node by the first letter of its instructions. */
const who = ({ system = '' }: ModelRequest) => system[0] ?? '';

function fanned(settings: string, more: readonly string[] = []) {
  const used = nodes.filter((node) => new RegExp(`[ []${node[0]}[\\],} ]`).test(settings));
  return graphOf([...used, `all: { kind: fanout, ${settings} }`, ...more], {
    way: ['all', ...more.map((node) => node.split(':')[0] ?? '')],
  });
}

/** A model that answers some nodes immediately. For other nodes it waits for an abort. */
function waiting(answers: Readonly<Record<string, StubAnswer>>): StubModel {
  return new StubModel(async (request) => {
    const answer = answers[who(request)];
    if (answer !== undefined) return answer;
    await sleep(60_000, undefined, request.signal === undefined ? {} : { signal: request.signal });
    return 'too late';
  });
}

const three = 'branches: { one: a, two: [b, c], three: c }';

describe('FanoutNode', () => {
  it('joins the results of its branches as a list with names, in the order of the file', async () => {
    const model = new StubModel(async (request) => {
      await sleep(who(request) === 'A' ? 20 : 1);
      return `from ${who(request)}`;
    });
    const { answer, trace, usage } = await new GraphExecutor(fanned(three), { model }).execute('?');
    expect(answer).to.equal('one:\nfrom A\n\ntwo:\nfrom C\n\nthree:\nfrom C');
    expect(usage).to.deep.equal({ inputTokens: 28, outputTokens: 12 });
    expect(notesOf(trace).at(1)).to.deep.equal([
      'all',
      '3 branches',
      { one: [['a']] },
      { two: [['b'], ['c']] },
      { three: [['c']] },
    ]);
    expect(trace.at(1)).to.include({ inputTokens: 28, outputTokens: 12 });
  });

  it('passes the same message to each branch, and only the joined result to a later model', async () => {
    const model = new StubModel((request) => `from ${who(request)}`);
    await new GraphExecutor(fanned(three, ['sum: { kind: model, system: Sum. }']), { model }).execute('?');
    const systems = model.requests.map(({ system }) => system);
    expect(systems).to.have.members(['A', 'B', 'C\n\nFound so far:\n- b: from B', 'C', systems.at(-1)]);
    expect(systems.at(-1)).to.equal('Sum.\n\nFound so far:\n- all: one:\nfrom A\n\ntwo:\nfrom C\n\nthree:\nfrom C');
  });

  it('joins by a template, and later templates can use results of the branches', async () => {
    const settings = 'branches: { one: a, two: b }, template: "{{results.b}} before {{results.a}}"';
    const model = new StubModel((request) => who(request));
    const last = 't: { kind: transform, template: "{{results.all}}, {{results.a}}" }';
    expect((await new GraphExecutor(fanned(settings, [last]), { model }).execute('?')).answer).to.equal(
      'B before A, A',
    );
  });

  it('selects the most frequent result, and ignores white space and case', async () => {
    const model = new StubModel((request) => ({ A: 'No', B: 'Four \n', C: 'four' })[who(request)] ?? '');
    const settings = 'branches: { one: a, two: b, three: c }, join: vote';
    const { answer, trace } = await new GraphExecutor(fanned(settings), { model }).execute('?');
    expect(answer).to.equal('Four \n');
    expect(trace.at(1)?.note).to.equal('2 of 3 votes');
  });

  it('takes the first result, and aborts the other branches', async () => {
    const graph = watched(fanned('branches: { one: a, two: b, three: c }, join: first'));
    const { answer, trace } = await new GraphExecutor(graph, { model: waiting({ B: 'me' }) }).execute('?');
    expect(answer).to.equal('me');
    expect(trace.at(1)?.note).to.equal('first: two');
    expect(await graphSamples(graph.name)).to.include({
      'tinyllm_node_cancelled_total node="a"': 1,
      'tinyllm_node_cancelled_total node="c"': 1,
      'tinyllm_active_nodes node="a"': 0,
      'tinyllm_active_nodes node="c"': 0,
    });
  });

  it('runs at most `concurrency` branches at a time', async () => {
    let active = 0;
    let most = 0;
    const model = new StubModel(async () => {
      active++;
      most = Math.max(most, active);
      await sleep(2);
      active--;
      return 'so';
    });
    await new GraphExecutor(fanned('branches: { one: a, two: b, three: c, four: a }, concurrency: 2'), {
      model,
    }).execute('?');
    expect(most).to.equal(2);
  });

  it('has no result if its branches have none', async () => {
    const graph = graphOf(
      [
        'm: { kind: model }',
        't: { kind: tool, tool: calculator }',
        'all: { kind: fanout, branches: { one: t, two: t } }',
      ],
      { way: ['m', 'all'] },
    );
    const { answer, trace } = await new GraphExecutor(graph, { model: new StubModel() }).execute('a poem');
    expect(answer).to.equal('an answer');
    expect(trace.at(2)?.note).to.equal('nothing found');
  });

  describe('when a branch throws', () => {
    it('throws the error after the other branches have ended, with all gauges at zero', async () => {
      const failure = new RangeError('no');
      const graph = watched(fanned('branches: { one: a, two: b, three: c }'));
      const error = await new GraphExecutor(graph, { model: waiting({ B: failure }) })
        .execute('?')
        .catch((reason: unknown) => reason);
      expect(error).to.equal(failure);
      expect(await graphSamples(graph.name)).to.include({
        'tinyllm_node_errors_total node="b" error_type="RangeError"': 1,
        'tinyllm_node_errors_total node="all" error_type="RangeError"': 1,
        'tinyllm_graph_errors_total error_type="RangeError"': 1,
        'tinyllm_node_cancelled_total node="a"': 1,
        'tinyllm_node_cancelled_total node="c"': 1,
        'tinyllm_active_nodes node="a"': 0,
        'tinyllm_active_nodes node="b"': 0,
        'tinyllm_active_nodes node="c"': 0,
        'tinyllm_active_nodes node="all"': 0,
        tinyllm_active_graphs: 0,
      });
    });

    it('skips the branch with `on_error: skip`, and notes it in the trace', async () => {
      const model = new StubModel((request) => (who(request) === 'B' ? new RangeError('no') : who(request)));
      const graph = fanned('branches: { one: a, two: b, three: c }, on_error: skip');
      const { answer, trace } = await new GraphExecutor(graph, { model }).execute('?');
      expect(answer).to.equal('one:\nA\n\nthree:\nC');
      expect(trace.at(1)?.note).to.equal('2 branches, two skipped: no');
      expect(notesOf(trace).at(1)).to.deep.include({ two: [['b', 'failed: no']] });
    });

    it('throws when all branches fail', async () => {
      const failure = new RangeError('no');
      const graph = fanned('branches: { one: a, two: b }, on_error: skip');
      const error = await new GraphExecutor(graph, { model: new StubModel(() => failure) })
        .execute('?')
        .catch((reason: unknown) => reason);
      expect(error)
        .to.be.instanceOf(GraphRunError)
        .with.property('message', 'All branches of all failed; the error of one: no');
      expect(error).to.have.property('cause', failure);
    });

    it('treats a failed gate as a failure', async () => {
      const gate = 'g: { kind: gate, min_length: 9 }';
      const graph = watched(
        graphOf([...nodes, gate, 'all: { kind: fanout, branches: { one: [a, g, b], two: c } }'], {
          way: ['all'],
        }),
      );
      const model = new StubModel((request) => (who(request) === 'C' ? 'see' : 'short'));
      const error = await new GraphExecutor(graph, { model }).execute('?').catch((reason: unknown) => reason);
      expect(error)
        .to.have.property('message')
        .that.matches(/^The branch one of all failed at a gate/);
      expect(Object.keys(await graphSamples(graph.name)).filter((name) => name.includes('node="b"'))).to.deep.equal([]);
    });
  });

  it('aborts its branches when the run is aborted, even with `on_error: skip`', async () => {
    const abort = new AbortController();
    const model = waiting({ B: 'me' });
    const graph = watched(fanned('branches: { one: a, two: b, three: c }, on_error: skip'));
    const run = new GraphExecutor(graph, { model })
      .execute('?', { signal: abort.signal })
      .catch((reason: unknown) => reason);
    await eventually(async () => model.requests.length === 3);
    abort.abort();
    expect(await run).to.have.property('name', 'AbortError');
    const shown = await graphSamples(graph.name);
    expect(shown).to.include({
      'tinyllm_node_cancelled_total node="a"': 1,
      'tinyllm_node_cancelled_total node="all"': 1,
      tinyllm_graph_cancelled_total: 1,
      'tinyllm_active_nodes node="a"': 0,
      'tinyllm_active_nodes node="all"': 0,
    });
    expect(Object.keys(shown).filter((name) => name.includes('errors_total'))).to.deep.equal([]);
  });

  const text = (settings: string, more = '') => `name: a
nodes:
  e: { kind: entry }
  m: { kind: model }
  f: { kind: fanout, ${settings} }
  x: { kind: exit }${more}
edges: [{ from: e, to: f }, { from: f, to: x }]`;
  const refusals: readonly [what: string, text: string, message: RegExp][] = [
    [
      'no branches',
      text('branches: ▸{}').replace('▸', '').replace('branches:', '▸branches:'),
      /expected at least one branch/,
    ],
    ['an empty branch', text('branches: { ▸a: [] }'), /is an empty list; expected at least one node/],
    ['an unknown node', text('branches: { a: ▸n }'), /no node is named "n"; expected the name of a node in `nodes`/],
    ['a branch that contains the fanout itself', text('branches: { a: ▸f, b: m }'), /cycle: f runs f/],
    [
      'a branch that contains the exit',
      text('branches: { a: ▸x, b: m }'),
      /f cannot run x: a run executes its exit only once/,
    ],
    [
      'a router',
      text('branches: { a: ▸r, b: m }', '\n  r: { kind: router, routes: { s: { keywords: [s] } }, default: t }'),
      /f cannot run r: r chooses a route \(s, t\), and nodes that f runs have no edges; use a gate instead/,
    ],
    [
      'a join and a template',
      text('branches: { a: m }, join: list, template: a').replace('f: {', '▸f: {'),
      /both `join` and `template`/,
    ],
    [
      'a template with a node outside its branches',
      text('branches: { a: m }, template: ▸"{{results.e}}"'),
      /has no result/,
    ],
    [
      'a cycle of two nodes',
      `name: a
nodes:
  e: { kind: entry }
  f: { kind: fanout, branches: { a: g } }
  g: { kind: loop, body: ▸f, max: 2 }
  x: { kind: exit }
edges: [{ from: e, to: f }, { from: f, to: x }]`,
      /cycle: f runs g runs f; remove/,
    ],
  ];
  for (const [what, graph, message] of refusals) {
    it(`is rejected with ${what}`, () => expect(graphErrorMessage(graph)).to.match(message));
  }
});
