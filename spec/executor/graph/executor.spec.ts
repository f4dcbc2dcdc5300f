import { expect } from 'chai';
import { GraphRunError } from '../../../lib/executor/errors/graph-errors.js';
import { GraphExecutor, type RunOptions } from '../../../lib/executor/graph/executor.js';
import type { Graph } from '../../../lib/executor/graph/graph.js';
import type { GraphNode } from '../../../lib/executor/graph/node.js';
import { parseGraph } from '../../../lib/executor/graph/parse-graph.js';
import type { NodeTrace } from '../../../lib/executor/graph/run-result.js';
import { graphSamples } from '../../support/graph-samples.js';
import { sampleValue } from '../../support/parse-text.js';
import { runNode } from '../../support/run-node.js';
import { StubModel } from '../../support/stub-model.js';

const specialists = parseGraph(`name: specialists
limits: { steps: 5 }
nodes:
  entry: { kind: entry }
  router: { kind: router, routes: { twice: { keywords: [twice] }, tool: { keywords: [compute] } }, default: once }
  draft: { kind: model, system: Draft. }
  final: { kind: model, system: Finish. }
  calculator: { kind: tool, tool: calculator }
  exit: { kind: exit }
edges:
  - { from: entry, to: router }
  - { from: router, to: draft, when: twice }
  - { from: router, to: calculator, when: tool }
  - { from: router, to: final, when: once }
  - { from: draft, to: final }
  - { from: final, to: exit }
  - { from: calculator, to: exit }
`);

let names = 0;

/** The same graph under an unused name, so that its metrics start at zero. */
function underNewName(): Graph {
  names++;
  return { ...specialists, name: `specialists_${names}` };
}

/** A clock that advances by one second each time it is read. */
function ticking(): () => number {
  let seconds = 0;
  return () => seconds++;
}

async function failed(question: string, model: StubModel, options: RunOptions = {}, graph = specialists) {
  const trace: NodeTrace[] = [];
  const executor = new GraphExecutor(graph, { model });
  try {
    await executor.execute(question, { ...options, onNode: (passed) => trace.push(passed) });
  } catch (error) {
    return { error, trace };
  }
  throw new Error('the run did not fail');
}

describe('GraphExecutor', () => {
  it('records the declared labels of the graph, unless the caller sets them, and reports the others once', async () => {
    const program = `
      import { EmbeddedClient, GraphExecutor, loadGraph } from './lib/executor/dist/index.js';
      import { configureMetrics, registry, startMetricsServer, withLabels } from './lib/core/dist/index.js';
      configureMetrics({ labels: ['tenant', 'provider'] });
      const problems = [];
      const server = await startMetricsServer({ port: 0, onProblem: ({ message }) => problems.push(message) });
      const graph = { ...(await loadGraph('samples/graphs/multi_domain.yaml')), labels: { tenant: 'acme', env: 'a' } };
      const executor = new GraphExecutor(graph, { model: new EmbeddedClient() });
      for (let run = 0; run < 2; run++) await executor.execute('2+2');
      await withLabels({ tenant: 'globex' }, () => executor.execute('2+2'));
      const text = await registry.metrics();
      process.stdout.write(JSON.stringify({ text, problems }), () => process.exit());
    `;
    const { stdout, stderr } = await runNode(['--input-type=module', '--eval', program]);
    expect(stderr).to.equal('');
    const { text, problems } = JSON.parse(stdout);
    const countOf = (metric: string, labels: object): number | undefined =>
      sampleValue(text, metric, { graph: 'multi_domain', provider: '', ...labels });
    expect(countOf('tinyllm_graph_executions_total', { tenant: 'acme' })).to.equal(2);
    expect(countOf('tinyllm_graph_executions_total', { tenant: 'globex' })).to.equal(1);
    expect(countOf('tinyllm_node_executions_total', { tenant: 'globex', node: 'exit' })).to.equal(1);
    const request = { provider: 'embedded', model: 'embedded', request_type: 'generate' };
    expect(countOf('tinyllm_requests_total', { tenant: 'acme', ...request })).to.equal(2);
    expect(countOf('tinyllm_requests_total', { tenant: 'globex', ...request })).to.equal(1);
    expect(problems).to.deep.equal([
      'The graph "multi_domain" has the label "env"; expected one of tenant, provider. Correct the name, or add it to the labels of configureMetrics. The label is omitted.',
    ]);
  }).timeout(20_000);

  it('runs the nodes along the route of a question, and returns a trace', async () => {
    const executor = new GraphExecutor(specialists, { model: new StubModel(() => 'so'), clock: ticking() });
    expect(await executor.execute('a question')).to.deep.equal({
      answer: 'so',
      finishReason: 'stop',
      graph: 'specialists',
      provider: 'stub',
      model: 'stub-1',
      trace: [
        { node: 'entry', kind: 'entry', seconds: 1 },
        { node: 'router', kind: 'router', seconds: 1, note: 'once (default)' },
        { node: 'final', kind: 'model', seconds: 1, inputTokens: 7, outputTokens: 3, model: 'stub-1' },
        { node: 'exit', kind: 'exit', seconds: 1 },
      ],
      usage: { inputTokens: 7, outputTokens: 3 },
      seconds: 9,
    });
  });

  it('passes the answer of one model to the next, and adds up their tokens', async () => {
    const model = new StubModel(({ system }) => (system?.startsWith('Draft') ? 'a draft' : 'the end'));
    const result = await new GraphExecutor(specialists, { model }).execute('think twice');
    expect(result.answer).to.equal('the end');
    expect(result.usage).to.deep.equal({ inputTokens: 14, outputTokens: 6 });
    expect(model.requests.map(({ system }) => system)).to.deep.equal([
      'Draft.',
      'Finish.\n\nFound so far:\n- draft: a draft',
    ]);
    expect(model.requests.map(({ prompt, graph }) => [prompt, graph])).to.deep.equal(
      Array(2).fill(['think twice', 'specialists']),
    );
  });

  it('sends the history to every model', async () => {
    const model = new StubModel();
    const history = [{ role: 'user', content: 'Hello.' }] as const;
    await new GraphExecutor(specialists, { model }).execute('think twice', { history });
    expect(model.requests.map((request) => request.history)).to.deep.equal([history, history]);
  });

  it('passes the answer settings only to the model of the answer, and returns its finish reason', async () => {
    const model = new StubModel();
    const answer = { maxTokens: 5, temperature: 0 };
    const { finishReason } = await new GraphExecutor(specialists, { model }).execute('think twice', { answer });
    expect(model.requests.map(({ maxTokens, temperature }) => [maxTokens, temperature])).to.deep.equal([
      [undefined, undefined],
      [5, 0],
    ]);
    expect(finishReason).to.equal('stop');
    expect(await new GraphExecutor(specialists, { model }).execute('compute 2+2')).not.to.have.property('finishReason');
  });

  it('streams only the answer of the run', async () => {
    const model = new StubModel(({ system }) => (system?.startsWith('Draft') ? 'a draft' : 'the very end'));
    const pieces: string[] = [];
    const executor = new GraphExecutor(specialists, { model });
    const result = await executor.execute('think twice', { onText: (text) => pieces.push(text) });
    expect(pieces).to.deep.equal(['the ', 'very ', 'end']);
    expect(result.answer).to.equal('the very end');
    expect(result.usage).to.deep.equal({ inputTokens: 14, outputTokens: 6 });
    expect([model.requests.length, model.streamed.length]).to.deep.equal([1, 1]);
  });

  it('passes an answer in one piece if no node streams it', async () => {
    const pieces: string[] = [];
    const executor = new GraphExecutor(specialists, { model: new StubModel() });
    const result = await executor.execute('compute 2+2', { onText: (text) => pieces.push(text) });
    expect(pieces).to.deep.equal(['4']);
    expect(result.answer).to.equal('4');
  });

  it('reports each node when it ends', async () => {
    const trace: NodeTrace[] = [];
    const executor = new GraphExecutor(specialists, { model: new StubModel() });
    const result = await executor.execute('a question', { onNode: (passed) => trace.push(passed) });
    expect(trace).to.deep.equal(result.trace);
  });

  it('throws the same error object that a node threw, after reporting the node', async () => {
    const reason = new RangeError('no memory');
    const { error, trace } = await failed('a question', new StubModel(() => reason));
    expect(error).to.equal(reason);
    expect(trace.map(({ node, error: why }) => [node, why])).to.deep.equal([
      ['entry', undefined],
      ['router', undefined],
      ['final', 'no memory'],
    ]);
  });

  it('rejects an empty question', async () => {
    const { error, trace } = await failed('  ', new StubModel());
    expect(error).to.be.instanceOf(GraphRunError).with.property('message').that.includes('The question is empty');
    expect(trace).to.have.length(1);
  });

  it('does not start with an aborted signal', async () => {
    const reason = new Error('changed my mind');
    const { error, trace } = await failed('a question', new StubModel(), { signal: AbortSignal.abort(reason) });
    expect(error).to.equal(reason);
    expect(trace).to.deep.equal([]);
  });

  it('stops between nodes when the signal is aborted', async () => {
    const abort = new AbortController();
    const model = new StubModel(() => {
      abort.abort();
      return 'a draft';
    });
    const { error, trace } = await failed('think twice', model, { signal: abort.signal });
    expect(error).to.have.property('name', 'AbortError');
    expect(trace.map(({ node }) => node)).to.deep.equal(['entry', 'router', 'draft']);
    expect(model.requests).to.have.length(1);
    expect(model.requests[0]?.signal).to.equal(abort.signal);
  });

  it('ends a run that takes more steps than its graph allows', async () => {
    const { error } = await failed('think twice', new StubModel(), {}, { ...specialists, limits: { steps: 4 } });
    expect(error)
      .to.be.instanceOf(GraphRunError)
      .with.property('message')
      .that.matches(/The run of specialists has not ended after 4 steps; raise limits\.steps/);
  });

  it('allows exactly as many steps as the limit', async () => {
    const result = await new GraphExecutor(specialists, { model: new StubModel() }).execute('think twice');
    expect(result.trace).to.have.length(5);
  });

  it('ends a run that reaches the exit without an answer', async () => {
    const empty = parseGraph('name: a\nnodes: { e: { kind: entry }, x: { kind: exit } }\nedges: [{ from: e, to: x }]');
    const { error, trace } = await failed('a question', new StubModel(), {}, empty);
    expect(error).to.be.instanceOf(GraphRunError).with.property('message').that.includes('reached x without an answer');
    expect(trace.at(-1)?.error).to.include('without an answer');
  });

  it('ends a run at a node without a matching edge', async () => {
    const { error } = await failed(
      'a question',
      new StubModel(),
      {},
      { ...specialists, edges: specialists.edges.slice(0, 3) },
    );
    expect(error)
      .to.be.instanceOf(GraphRunError)
      .with.property(
        'message',
        'The run of specialists stopped at router, which lacks an edge for its route "once"; add one.',
      );
  });

  it('rejects a graph object whose entry does not exist', async () => {
    const { error } = await failed('a question', new StubModel(), {}, { ...specialists, entry: 'gone' });
    expect(error).to.be.instanceOf(GraphRunError).with.property('message').that.includes('no node "gone"');
  });

  it('prepares a node before its duration is measured, and ignores errors of the preparation', async () => {
    let now = 0;
    const [first, second] = [true, false].map(
      (loads, index): GraphNode => ({
        id: `node${index}`,
        kind: index === 0 ? 'entry' : 'exit',
        async prepare() {
          now += 100;
          if (!loads) throw new Error('cannot be loaded');
        },
        async execute(message) {
          now += 1;
          return { message: { ...message, answer: 'done' } };
        },
      }),
    );
    const graph: Graph = {
      ...underNewName(),
      entry: 'node0',
      nodes: new Map([first, second].flatMap((node) => (node === undefined ? [] : [[node.id, node]]))),
      edges: [{ from: 'node0', to: 'node1' }],
    };
    const { answer, trace, seconds } = await new GraphExecutor(graph, {
      model: new StubModel(),
      clock: () => now,
    }).execute('q');
    expect(answer).to.equal('done');
    expect(trace.map((passed) => passed.seconds)).to.deep.equal([1, 1]);
    expect(seconds).to.equal(202);
  });

  it('runs concurrent questions without mixing them up', async () => {
    const executor = new GraphExecutor(specialists, { model: new StubModel(async ({ prompt }) => `re: ${prompt}`) });
    const questions = Array.from({ length: 20 }, (_, index) => `${index % 2 === 0 ? 'twice' : 'once'} ${index}`);
    const results = await Promise.all(questions.map((question) => executor.execute(question)));
    expect(results.map(({ answer }) => answer)).to.deep.equal(questions.map((question) => `re: ${question}`));
  });
});

describe('the metrics of a run', () => {
  it('count and time the graph and each executed node, and no other node', async () => {
    const graph = underNewName();
    await new GraphExecutor(graph, { model: new StubModel() }).execute('think twice');
    await new GraphExecutor(graph, { model: new StubModel() }).execute('a song');
    const shown = await graphSamples(graph.name);
    expect(shown).to.include({
      tinyllm_graph_executions_total: 2,
      tinyllm_graph_execution_duration_seconds_count: 2,
      tinyllm_active_graphs: 0,
    });
    expect(Object.keys(shown).filter((name) => name.includes('calculator'))).to.deep.equal([]);
    for (const [node, times] of Object.entries({ entry: 2, router: 2, draft: 1, final: 2, exit: 2 })) {
      expect(shown, node).to.include({
        [`tinyllm_node_executions_total node="${node}"`]: times,
        [`tinyllm_node_execution_duration_seconds_count node="${node}"`]: times,
        [`tinyllm_active_nodes node="${node}"`]: 0,
      });
    }
  });

  it('count a failure by its class, for the failed node and for the graph', async () => {
    const graph = underNewName();
    const executor = new GraphExecutor(graph, { model: new StubModel(() => new RangeError('no')) });
    await executor.execute('a song').catch(() => undefined);
    const shown = await graphSamples(graph.name);
    expect(shown).to.include({
      'tinyllm_node_errors_total node="final" error_type="RangeError"': 1,
      'tinyllm_graph_errors_total error_type="RangeError"': 1,
      'tinyllm_active_nodes node="final"': 0,
      tinyllm_active_graphs: 0,
    });
    expect(Object.keys(shown).filter((name) => name.includes('node="exit"'))).to.deep.equal([]);
  });

  it('count a cancelled run as cancelled, not as failed', async () => {
    const graph = underNewName();
    const abort = new AbortController();
    const model = new StubModel(() => {
      abort.abort();
      return new DOMException('stopped', 'AbortError') as Error;
    });
    await new GraphExecutor(graph, { model }).execute('a song', { signal: abort.signal }).catch(() => undefined);
    const shown = await graphSamples(graph.name);
    expect(shown).to.include({
      'tinyllm_node_cancelled_total node="final"': 1,
      tinyllm_graph_cancelled_total: 1,
      tinyllm_active_graphs: 0,
    });
    expect(Object.keys(shown).filter((name) => name.includes('errors_total'))).to.deep.equal([]);
  });
});
