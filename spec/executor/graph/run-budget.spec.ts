import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { GraphLimitError, GraphRunError } from '../../../lib/executor/errors/graph-errors.js';
import { GraphExecutor } from '../../../lib/executor/graph/executor.js';
import type { Graph } from '../../../lib/executor/graph/graph.js';
import { EmbeddedClient } from '../../../lib/executor/models/embedded-client.js';
import type { ModelClient, ModelRequest, ModelResponse } from '../../../lib/executor/models/model-client.js';
import { graphErrorMessage } from '../../support/graph-error-message.js';
import { graphOf, watched } from '../../support/graph-of.js';
import { graphSamples } from '../../support/graph-samples.js';
import { StubModel } from '../../support/stub-model.js';

/** A model whose answers cost 0.25 US dollars each. */
class PricedModel extends StubModel {
  override async generate(request: ModelRequest): Promise<ModelResponse> {
    return { ...(await super.generate(request)), costUsd: 0.25 };
  }
}

/** A loop that never succeeds, with two model calls of ten tokens each per round. */
const endless = (limits: string) =>
  graphOf(['a: { kind: model }', 'b: { kind: model }', 'l: { kind: loop, body: [a, b], max: 1000 }'], {
    way: ['l'],
    top: `limits: { ${limits} }`,
  });

async function stopped(graph: Graph, model: ModelClient): Promise<unknown> {
  return new GraphExecutor(graph, { model }).execute('?').then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('the limits of a run', () => {
  it('count the steps of loops and branches', async () => {
    const graph = watched(endless('steps: 7'));
    const error = await stopped(graph, new StubModel());
    expect(error).to.be.instanceOf(GraphLimitError).and.include({ limit: 'steps', allowed: 7, reached: 7 });
    const { name } = graph;
    expect(error).to.have.property(
      'message',
      `The run of ${name} has not ended after 7 steps; raise limits.steps, or shorten the path.`,
    );
    expect(await graphSamples(name)).to.include({
      'tinyllm_node_executions_total node="a"': 3,
      'tinyllm_node_executions_total node="b"': 2,
      'tinyllm_graph_errors_total error_type="GraphLimitError"': 1,
      'tinyllm_node_errors_total node="l" error_type="GraphLimitError"': 1,
      tinyllm_active_graphs: 0,
    });
  });

  it('stop at the node that exceeds the token limit', async () => {
    const graph = watched(endless('tokens: 30'));
    const error = await stopped(graph, new StubModel());
    expect(error).to.be.instanceOf(GraphLimitError).and.include({ limit: 'tokens', allowed: 30, reached: 40 });
    expect(error)
      .to.have.property('message')
      .that.includes('had used 40 tokens when b ended; the limit is 30; raise limits.tokens');
    expect(await graphSamples(graph.name)).to.include({ 'tinyllm_node_executions_total node="b"': 2 });
  });

  it('allow exactly as many tokens as the limit', async () => {
    const graph = graphOf(['a: { kind: model }'], { way: ['a'], top: 'limits: { tokens: 10 }' });
    expect(await stopped(graph, new StubModel())).to.equal(undefined);
  });

  it('stop at the node that exceeds the cost limit', async () => {
    const error = await stopped(endless('cost: 0.6'), new PricedModel());
    expect(error).to.be.instanceOf(GraphLimitError).and.include({ limit: 'cost', allowed: 0.6, reached: 0.75 });
    expect(error).to.have.property('message').that.includes('had cost $0.75 when a ended; the limit is $0.6');
  });

  it('report the cost of a run for each node', async () => {
    const graph = graphOf(['a: { kind: model }', 'l: { kind: loop, body: a, max: 2 }'], { way: ['l', 'a'] });
    const result = await new GraphExecutor(graph, { model: new PricedModel() }).execute('?');
    expect(result.costUsd).to.equal(0.75);
    expect(result.trace.map(({ costUsd }) => costUsd)).to.deep.equal([undefined, 0.5, 0.25, undefined]);
  });

  it('reject a model without a price, unless it is free', async () => {
    const graph = graphOf(['a: { kind: model }'], { way: ['a'], top: 'limits: { cost: 1 }' });
    const error = await stopped(graph, new StubModel());
    expect(error)
      .to.be.instanceOf(GraphRunError)
      .with.property('message')
      .that.matches(/^limits\.cost cannot be enforced: the model of a has no price/);
    expect((await new GraphExecutor(graph, { model: new EmbeddedClient() }).execute('2+2')).answer).to.equal('4');
  });

  it('end a run after its time limit, and count it as a timeout', async () => {
    const graph = watched(
      graphOf(['a: { kind: model }', 'f: { kind: fanout, branches: { one: a, two: a }, on_error: skip }'], {
        way: ['f'],
        top: 'limits: { seconds: 0.5 }',
      }),
    );
    const model = new StubModel(async ({ signal }) => {
      await sleep(60_000, undefined, signal === undefined ? {} : { signal });
      return 'late';
    });
    const error = await stopped(graph, model);
    expect(error).to.be.instanceOf(GraphLimitError).and.include({ limit: 'seconds', allowed: 0.5, reached: 0.5 });
    const shown = await graphSamples(graph.name);
    expect(shown).to.include({
      'tinyllm_node_errors_total node="a" error_type="timeout"': 2,
      'tinyllm_node_errors_total node="f" error_type="timeout"': 1,
      'tinyllm_graph_errors_total error_type="timeout"': 1,
      'tinyllm_active_nodes node="a"': 0,
      'tinyllm_active_nodes node="f"': 0,
      tinyllm_active_graphs: 0,
    });
    expect(Object.keys(shown).filter((name) => name.includes('cancelled'))).to.deep.equal([]);
  });

  it('end a run whose node ignores its signal', async () => {
    const graph = graphOf(['a: { kind: model }', 'f: { kind: fanout, branches: { one: a, two: a } }'], {
      way: ['f'],
      top: 'limits: { seconds: 0.01 }',
    });
    let release: (answer: string) => void = () => undefined;
    const model = new StubModel(
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    expect(await stopped(graph, model)).to.be.instanceOf(GraphLimitError);
    release('at last');
  });

  it('do not affect a run that ends in time', async () => {
    const graph = graphOf(['a: { kind: model }'], { way: ['a'], top: 'limits: { seconds: 60, tokens: 100 }' });
    const abort = new AbortController();
    const model = new StubModel();
    expect((await new GraphExecutor(graph, { model }).execute('?', { signal: abort.signal })).answer).to.equal(
      'an answer',
    );
    abort.abort();
  });

  it('count a run that its caller aborts as cancelled, even with a time limit', async () => {
    const graph = watched(graphOf(['a: { kind: model }'], { way: ['a'], top: 'limits: { seconds: 60 }' }));
    const reason = new Error('changed my mind');
    const run = new GraphExecutor(graph, { model: new StubModel() }).execute('?', {
      signal: AbortSignal.abort(reason),
    });
    expect(await run.catch((error: unknown) => error)).to.equal(reason);
    expect(await graphSamples(graph.name)).to.include({ tinyllm_graph_cancelled_total: 1 });
  });

  const text = (limits: string) =>
    `name: a\nlimits: { ${limits} }\nnodes: { e: { kind: entry }, m: { kind: model }, x: { kind: exit } }\nedges: [{ from: e, to: m }, { from: m, to: x }]`;
  const refusals: readonly [limits: string, message: RegExp][] = [
    ['seconds: ▸0', /limits\.seconds is 0; expected a number of seconds above 0, at most 86400/],
    ['seconds: ▸1e9', /at most 86400/],
    ['tokens: ▸0.5', /limits\.tokens is 0\.5; expected a whole number/],
    ['cost: ▸-1', /limits\.cost is -1; expected US dollars, a number above 0/],
  ];
  for (const [limits, message] of refusals) {
    it(`are rejected as ${limits.replace('▸', '')}`, () => expect(graphErrorMessage(text(limits))).to.match(message));
  }
});
