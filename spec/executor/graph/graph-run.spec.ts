import { expect } from 'chai';
import fc from 'fast-check';
import { GraphLimitError, GraphRunError } from '../../../lib/executor/errors/graph-errors.js';
import { GraphExecutor } from '../../../lib/executor/graph/executor.js';
import type { GraphNode, Message } from '../../../lib/executor/graph/node.js';
import type { NodeTrace } from '../../../lib/executor/graph/run-result.js';
import { graphOf } from '../../support/graph-of.js';
import { graphSamples } from '../../support/graph-samples.js';
import { freshGraph } from '../../support/shared-scrape.js';
import { StubModel } from '../../support/stub-model.js';

describe('a run of named models', () => {
  const nodes = ['a: { kind: model, model: small }', 'b: { kind: model }', 'c: { kind: model, model: default }'];
  const top = 'models: { small: { provider: embedded }, default: {} }';

  it('uses the named model of each node', async () => {
    const asked: string[] = [];
    const named = (name: string) =>
      new StubModel(() => {
        asked.push(name);
        return name;
      });
    const models = { get: (name: string) => named(name) };
    const graph = graphOf(nodes, { way: ['a', 'b', 'c'], top });
    await new GraphExecutor(graph, { model: named('own'), models }).execute('?');
    expect(asked).to.deep.equal(['small', 'own', 'default']);
  });

  it('returns the provider and model of the last request', async () => {
    const graph = graphOf(nodes.slice(0, 2), { way: ['b', 'a'], top });
    const models = { get: () => Object.assign(new StubModel(() => 'so'), { provider: 'other', model: 'small-1' }) };
    const result = await new GraphExecutor(graph, { model: new StubModel(), models }).execute('?');
    expect(result).to.include({ provider: 'other', model: 'small-1' });
    expect(result.trace.map(({ model }) => model)).to.deep.equal([undefined, 'stub-1', 'small-1', undefined]);
  });

  it('throws if the executor has no named models', async () => {
    const graph = graphOf(nodes, { way: ['c', 'b', 'a'], top });
    const error = await new GraphExecutor(graph, { model: new StubModel() })
      .execute('?')
      .catch((reason: unknown) => reason);
    expect(error)
      .to.be.instanceOf(GraphRunError)
      .with.property('message')
      .that.matches(/^a uses the model "small", but the executor has no models/);
  });
});

describe('the message of a run', () => {
  it('contains the trace of each node, also within branches', async () => {
    const seen: (readonly string[] | undefined)[] = [];
    const spy: GraphNode = {
      id: 'spy',
      kind: 'spy',
      async execute(message: Message) {
        seen.push(message.trace?.map(({ node }) => node));
        return { message };
      },
    };
    const graph = graphOf(
      ['a: { kind: model }', 'spy: { kind: model }', 'f: { kind: fanout, branches: { one: [a, spy] } }'],
      { way: ['a', 'f', 'spy'] },
    );
    const spied = { ...graph, nodes: new Map(graph.nodes).set('spy', spy) };
    await new GraphExecutor(spied, { model: new StubModel() }).execute('?');
    expect(seen).to.deep.equal([
      ['entry', 'a', 'a'],
      ['entry', 'a', 'f'],
    ]);
  });
});

/** A random graph: leaves m0 to m2, and composites that run them or other composites, without recursion. */
interface Composite {
  readonly kind: 'fanout' | 'loop';
  /** Indexes of members: leaves first, then earlier composites. */
  readonly members: readonly (readonly number[])[];
  readonly max: number;
}

const leaves = 3;
const member = (index: number) => fc.integer({ min: 0, max: leaves + index - 1 });
const composites = fc.integer({ min: 1, max: 4 }).chain((count) =>
  fc.tuple(
    ...Array.from({ length: count }, (_, index) =>
      fc.record({
        kind: fc.constantFrom<'fanout' | 'loop'>('fanout', 'loop'),
        members: fc.array(fc.array(member(index), { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }),
        max: fc.integer({ min: 1, max: 3 }),
      }),
    ),
  ),
);

const nameOf = (index: number) => (index < leaves ? `m${index}` : `c${index - leaves}`);

function randomGraph(list: readonly Composite[], limits: string) {
  const nodes = list.map(({ kind, members, max }, index) => {
    const chains = members.map((chain) => `[${chain.map(nameOf).join(', ')}]`);
    const settings =
      kind === 'loop'
        ? `body: ${chains[0]}, max: ${max}`
        : `branches: { ${chains.map((chain, place) => `b${place}: ${chain}`).join(', ')} }, concurrency: ${max}`;
    return `c${index}: { kind: ${kind}, ${settings} }`;
  });
  const way = [...Array.from({ length: leaves }, (_, index) => nameOf(index)), ...list.map((_, index) => `c${index}`)];
  return graphOf([...Array.from({ length: leaves }, (_, index) => `m${index}: { kind: model }`), ...nodes], {
    way,
    top: `limits: { ${limits} }`,
  });
}

/** How many nodes a composite executes, including itself. */
function weight(list: readonly Composite[], index: number): number {
  const composite = list[index - leaves];
  if (composite === undefined) return 1;
  const chains = composite.members.map((chain) => chain.reduce((sum, part) => sum + weight(list, part), 0));
  const inner =
    composite.kind === 'loop' ? (chains[0] ?? 0) * composite.max : chains.reduce((sum, chain) => sum + chain, 0);
  return 1 + inner;
}

const passed = (trace: readonly NodeTrace[]): number =>
  trace.reduce((sum, { parts = [] }) => sum + 1 + parts.reduce((inner, part) => inner + passed(part.trace), 0), 0);

describe('a run of any graph of fanouts and loops', () => {
  it('executes the expected nodes in order, and adds up their usage', async () => {
    await fc.assert(
      fc.asyncProperty(composites, async (list) => {
        const graph = randomGraph(list, 'steps: 10000');
        const { trace, usage } = await new GraphExecutor(graph, { model: new StubModel() }).execute('?');
        const way = [...graph.nodes.keys()].slice(1, -1);
        expect(trace.map(({ node }) => node)).to.deep.equal(['entry', ...way, 'exit']);
        expect(passed(trace)).to.equal(2 + way.reduce((sum, _, index) => sum + weight(list, index), 0));
        for (const [index, composite] of list.entries()) {
          const { parts = [] } = trace.find(({ node }) => node === `c${index}`) ?? {};
          const chains =
            composite.kind === 'loop' ? Array(composite.max).fill(composite.members[0]) : composite.members;
          expect(parts.map(({ trace: inner }) => inner.map(({ node }) => node))).to.deep.equal(
            chains.map((chain: number[]) => chain.map(nameOf)),
          );
        }
        expect(usage.inputTokens).to.equal(trace.reduce((sum, { inputTokens = 0 }) => sum + inputTokens, 0));
      }),
      { numRuns: 30 },
    );
  });

  const watchedName = freshGraph();

  it('ends within its limits, or with an error that names the exceeded limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        composites,
        fc.integer({ min: 9, max: 40 }),
        fc.integer({ min: 1, max: 200 }),
        async (list, steps, tokens) => {
          const graph = { ...randomGraph(list, `steps: ${steps}, tokens: ${tokens}`), name: watchedName };
          try {
            const { trace, usage } = await new GraphExecutor(graph, { model: new StubModel() }).execute('?');
            expect(passed(trace)).to.be.at.most(steps);
            expect(usage.inputTokens + usage.outputTokens).to.be.at.most(tokens);
          } catch (error) {
            expect(error).to.be.instanceOf(GraphLimitError);
            expect(['steps', 'tokens']).to.include((error as GraphLimitError).limit);
          }
          const shown = await graphSamples(graph.name);
          for (const [name, value] of Object.entries(shown))
            if (name.includes('active')) expect(value, name).to.equal(0);
        },
      ),
      { numRuns: 30 },
    );
  });
});
