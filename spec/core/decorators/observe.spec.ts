import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { registry } from '../../../lib/core/index.js';
import { dialects } from '../../support/dialects.js';
import { eventually } from '../../support/eventually.js';
import { runNode } from '../../support/run-node.js';
import { freshGraph, nodeCounts, nodeErrors, scraped } from '../../support/shared-scrape.js';

/** Calls itself through a wrapper without effect, as a decorated method does. */
const emptyWrapper = wrapEmpty(function deep(
  this: { deep(reached: object): never },
  reached: { depth: number },
): never {
  reached.depth++;
  return this.deep(reached);
});

function wrapEmpty(method: (this: { deep(reached: object): never }, reached: { depth: number }) => never) {
  return {
    wrapper(this: { deep(reached: object): never }, ...args: unknown[]): never {
      return method.apply(this, args as [{ depth: number }]);
    },
  }.wrapper;
}

const settledOnce = { executions: 1, timed: 1, active: 0, cancelled: 0 };

for (const dialect of dialects) {
  describe(`a decorated method (${dialect.name})`, () => {
    const setUp = () => {
      const graph = freshGraph();
      const classes = dialect.subjects(graph);
      return { graph, ...classes, node: new classes.Node() };
    };

    describe('passes through', () => {
      it('this, the arguments and a returned value as the identical objects', async () => {
        const { node, graph } = setUp();
        const result = { answer: 42 };
        const argument = {};
        const seen = node.run((self, ...rest) => Object.assign(result, { self, rest }), argument, 2);
        expect(seen).to.equal(result);
        expect(seen).to.include({ self: node }).and.have.property('rest').with.ordered.members([argument, 2]);
        expect(await nodeCounts(graph)).to.deep.equal(settledOnce);
      });

      it('a resolved value and a rejection as the identical objects', async () => {
        const { node } = setUp();
        const result = {};
        const failure = new Error('no');
        expect(await node.runAsync(() => result)).to.equal(result);
        expect(await node.runAsync(() => Promise.reject(failure)).catch((error: unknown) => error)).to.equal(failure);
      });

      it('a thrown error as the identical object, and counts it', async () => {
        const { node, graph } = setUp();
        const failure = new RangeError('no');
        const work = () => {
          throw failure;
        };
        expect(() => node.run(work)).to.throw(failure);
        expect(await nodeCounts(graph)).to.deep.equal(settledOnce);
        expect(await nodeErrors(graph, 'RangeError')).to.equal(1);
      });

      it('null, undefined, primitives, functions and collections', async () => {
        const { node, graph } = setUp();
        const values = [null, undefined, 0, '', 'text', 7n, Symbol.iterator, () => {}, [1, 2], new Map(), new Set()];
        for (const value of values) expect(node.run(() => value)).to.equal(value);
        expect(await nodeCounts(graph)).to.deep.equal({
          ...settledOnce,
          executions: values.length,
          timed: values.length,
        });
      });

      it('a function that is a stream or a thenable', async () => {
        const { node, graph } = setUp();
        const awaited = Object.assign(() => 1, Object.fromEntries([['then', (ok: (value: number) => void) => ok(7)]]));
        expect(await (node.run(() => awaited) as unknown)).to.equal(7);
        const stream = Object.assign(() => 1, { [Symbol.asyncIterator]: () => node.stream(1) });
        expect(node.run(() => stream)).to.equal(stream);
        expect((await nodeCounts(graph)).active).to.equal(1);
        for await (const _chunk of stream);
        expect(await nodeCounts(graph)).to.deep.equal({ executions: 3, timed: 3, active: 0, cancelled: 0 });
      });

      it('an object of which every property throws', async () => {
        const { node, graph } = setUp();
        const handsOff = (): never => {
          throw new Error('hands off');
        };
        const hostile = new Proxy({}, { get: handsOff, has: handsOff, getPrototypeOf: handsOff });
        expect(node.run(() => hostile) === hostile).to.equal(true);
        expect(await nodeCounts(graph)).to.deep.equal(settledOnce);
      });
    });

    describe('works on', () => {
      it('nested, recursive and concurrent calls', async () => {
        const { node, graph } = setUp();
        expect(node.recurse(4)).to.equal(4);
        await Promise.all(Array.from({ length: 10 }, () => node.runAsync(() => node.run(() => 1))));
        expect(await nodeCounts(graph)).to.deep.equal({ executions: 25, timed: 25, active: 0, cancelled: 0 });
      });

      it('inherited methods, also when called through super', async () => {
        const { Child, graph } = setUp();
        expect(new Child().secret()).to.equal('secret');
        expect(await nodeCounts(graph, 'child')).to.deep.equal(settledOnce);
        expect(await nodeCounts(graph)).to.deep.equal(settledOnce);
      });

      it('static methods and methods that use #private members', async () => {
        const { Node, graph } = setUp();
        expect(Node.create()).to.be.instanceOf(Node);
        expect(new Node().secret()).to.equal('secret');
        expect(await nodeCounts(graph)).to.include({ executions: 2, active: 0 });
      });

      it('two decorators on one method', async () => {
        const { Both, graph } = setUp();
        expect(await new Both().execute('value')).to.equal('value');
        expect(await nodeCounts(graph, 'both')).to.deep.equal(settledOnce);
        expect(await scraped('tinyllm_graph_executions_total', { graph })).to.equal(1);
      });
    });

    describe('whose recursion overflows the stack', () => {
      const overflow = (recurse: () => unknown): void => {
        expect(recurse).to.throw(RangeError, 'call stack');
      };
      /** Uses some stack first, so that the overflow happens in another place. */
      const below = (frames: number, work: () => unknown): unknown => (frames === 0 ? work() : below(frames - 1, work));

      for (const [method, active, ended, labels] of [
        ['deepNode', 'tinyllm_active_nodes', 'tinyllm_node_execution_duration_seconds_count', { node: 'deep' }],
        ['deepGraph', 'tinyllm_active_graphs', 'tinyllm_graph_execution_duration_seconds_count', {}],
        ['deepRequest', 'tinyllm_active_requests', 'tinyllm_request_latency_seconds_count', { model: 'deep' }],
      ] as const) {
        it(`${method}: can recurse at least 85 % as deep as through an empty wrapper`, () => {
          const { node } = setUp();
          const bare = { deep: emptyWrapper };
          const [most, reached] = [{ depth: 0 }, { depth: 0 }];
          overflow(() => bare.deep(most));
          overflow(() => node[method](reached));
          expect(reached.depth / most.depth).to.be.at.least(0.85);
        });

        it(`${method}: leaves no call active, wherever the stack overflows, and counts the end of each`, async () => {
          const { node, graph } = setUp();
          const reached = { depth: 0 };
          for (const frames of [0, 7]) overflow(() => below(frames, () => node[method](reached)));
          expect(await scraped(active, { ...labels, graph })).to.equal(0);
          expect(await scraped(ended, { ...labels, graph })).to.be.at.least(reached.depth);
        });
      }

      it('leaves no call active if the methods return streams', async () => {
        const { node, graph } = setUp();
        for (const frames of [0, 7]) {
          overflow(() => below(frames, () => [...node.deepStream({ depth: 0 })]));
        }
        setFlagsFromString('--expose-gc');
        const collectGarbage = runInNewContext('gc') as () => void;
        // A stream whose `next` could not be called is abandoned. Any later call settles what the full stack deferred.
        await eventually(async () => {
          collectGarbage();
          node.run(() => 1);
          return (await nodeCounts(graph, 'deep')).active === 0;
        });
        const { executions, timed } = await nodeCounts(graph, 'deep');
        expect(timed).to.equal(executions);
      });
    });

    describe('whose method returns a promise several times', () => {
      it('returns the same new promise each time, and counts every call', async () => {
        const { node, graph } = setUp();
        const shared = Promise.resolve('answer');
        const [first, second] = [node.run(() => shared), node.run(() => shared)];
        expect(second).to.equal(first);
        expect(await first).to.equal('answer');
        expect(await nodeCounts(graph)).to.deep.equal({ executions: 2, timed: 2, active: 0, cancelled: 0 });
      });

      it('rejects with the same error, and counts an error for every call', async () => {
        const { node, graph } = setUp();
        const failure = new RangeError('no');
        const shared = Promise.reject(failure);
        const returned = [node.run(() => shared), node.run(() => shared)];
        for (const one of returned) expect(await one.catch((error: unknown) => error)).to.equal(failure);
        expect(await nodeCounts(graph)).to.deep.equal({ executions: 2, timed: 2, active: 0, cancelled: 0 });
        expect(await nodeErrors(graph, 'RangeError')).to.equal(2);
      });

      it('copies the properties that the method added to the promise', async () => {
        const { node } = setUp();
        const cancel = () => 'cancelled';
        const returned = node.run(() => Object.assign(Promise.resolve(1), { cancel }));
        expect(returned.cancel).to.equal(cancel);
        expect(Object.keys(returned)).to.deep.equal(['cancel']);
        expect(await returned).to.equal(1);
      });
    });

    describe('marks the call as active', () => {
      it('until its promise settles', async () => {
        const { node, graph } = setUp();
        const { promise, resolve } = withResolvers();
        const running = node.runAsync(() => promise);
        expect(await nodeCounts(graph)).to.deep.equal({ executions: 1, timed: 0, active: 1, cancelled: 0 });
        resolve();
        await running;
        expect(await nodeCounts(graph)).to.deep.equal(settledOnce);
      });
    });

    it('exposes its series with zero before the first call', async () => {
      const { graph } = setUp();
      expect(await scraped('tinyllm_node_executions_total', { node: 'node', graph })).to.equal(0);
      expect(await scraped('tinyllm_graph_executions_total', { graph })).to.equal(0);
    });

    describe('leaves a rejection', () => {
      const unhandledAfter = async (work: () => void): Promise<unknown[]> => {
        const others = process.listeners('unhandledRejection');
        const seen: unknown[] = [];
        process.removeAllListeners('unhandledRejection').on('unhandledRejection', (reason) => seen.push(reason));
        work();
        await new Promise((resolve) => setTimeout(resolve, 20));
        process.removeAllListeners('unhandledRejection');
        for (const listener of others) process.on('unhandledRejection', listener);
        return seen;
      };

      it('handled if the caller handles it, and records it once', async () => {
        const { node, graph } = setUp();
        const seen = await unhandledAfter(() => {
          node.runAsync(() => Promise.reject(new TypeError('no'))).catch(() => {});
        });
        expect(seen).to.deep.equal([]);
        expect(await nodeErrors(graph, 'TypeError')).to.equal(1);
        expect(await nodeCounts(graph)).to.deep.equal(settledOnce);
      });

      it('unhandled if nothing handles it, and Node reports it once', async () => {
        const { node } = setUp();
        const failure = new TypeError('no');
        const seen = await unhandledAfter(() => {
          void node.runAsync(() => Promise.reject(failure));
        });
        expect(seen).to.deep.equal([failure]);
      });
    });

    describe('distinguishes from an error', () => {
      const outcome = async (failure: unknown, options?: unknown) => {
        const { node, graph } = setUp();
        await node.runAsync(() => Promise.reject(failure), options).catch(() => {});
        return { graph, counts: await nodeCounts(graph) };
      };

      it("a cancellation by the caller's signal", async () => {
        for (const reason of [undefined, new Error('the user left'), 'left']) {
          const signal = AbortSignal.abort(reason);
          const { counts, graph } = await outcome(signal.reason, { signal });
          expect(counts).to.deep.equal({ ...settledOnce, cancelled: 1 });
          expect(await registry.metrics()).not.to.match(new RegExp(`node_errors_total\\{[^}]*graph="${graph}"`));
        }
      });

      it('a timeout', async () => {
        const signal = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
        for (const [failure, options] of [
          [signal.reason, undefined],
          [new DOMException('aborted', 'AbortError'), { signal }],
          [Object.assign(new Error('late'), { code: 'ETIMEDOUT' }), undefined],
        ]) {
          const { graph, counts } = await outcome(failure, options);
          expect(await nodeErrors(graph, 'timeout')).to.equal(1);
          expect(counts.cancelled).to.equal(0);
        }
      });
    });

    describe('reads from its options', () => {
      it('the error type, and whether a result counts as an error', async () => {
        const { node, graph } = setUp();
        expect(node.judged(() => 'good')).to.equal('good');
        expect(node.judged(() => 'bad')).to.equal('bad');
        expect(() =>
          node.judged(() => {
            throw new Error('no');
          }),
        ).to.throw('no');
        expect(await nodeErrors(graph, 'mine')).to.equal(2);
        expect(await nodeCounts(graph)).to.deep.equal({ executions: 3, timed: 3, active: 0, cancelled: 0 });
      });

      it("the node's name: its id, name or class name", async () => {
        const { Node, Child, graph } = setUp();
        new Node().named();
        new Child().named();
        const changed = (fields: object): InstanceType<typeof Node> => Object.assign(new Node(), fields);
        changed({ id: undefined, name: 'Ann' }).named();
        changed({ id: undefined }).named();
        const { named } = Node.prototype;
        named.call(undefined as never);
        for (const node of ['node', 'child', 'Ann', 'Node', 'unknown']) {
          expect(await scraped('tinyllm_node_executions_total', { node, graph }), node).to.equal(1);
        }
      });

      it('labels from the arguments', async () => {
        const { node, graph } = setUp();
        node.labelled('first');
        node.labelled('first');
        node.labelled(7);
        expect(await nodeCounts(graph, 'first')).to.include({ executions: 2 });
        expect(await nodeCounts(graph, '7')).to.include({ executions: 1 });
      });
    });

    describe('catches the errors of', () => {
      const instrumentationErrors = async (site: string) =>
        (await scraped('tinyllm_instrumentation_errors_total', { site })) ?? 0;

      it('a label function, a classifier and isError, and counts them', async () => {
        const { node, graph } = setUp();
        const sites = ['label', 'classify_error', 'is_error'];
        const before = await Promise.all(sites.map(instrumentationErrors));
        expect(node.broken(() => 'fine')).to.equal('fine');
        expect(() =>
          node.broken(() => {
            throw new SyntaxError('no');
          }),
        ).to.throw(SyntaxError);
        expect(await nodeCounts(graph)).to.include({ executions: 2, timed: 2, active: 0 });
        expect(await nodeErrors(graph, 'SyntaxError')).to.equal(1);
        const after = await Promise.all(sites.map(instrumentationErrors));
        expect(after.map((count, index) => count - (before[index] ?? 0))).to.deep.equal([2, 1, 1]);
      });

      it('a label function that does not return a text', async () => {
        const { node, graph } = setUp();
        const before = await instrumentationErrors('label');
        node.labelled({});
        node.labelled(undefined);
        expect(await nodeCounts(graph)).to.include({ executions: 2 });
        expect(await instrumentationErrors('label')).to.equal(before + 1);
      });
    });
  });
}

function withResolvers() {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describe('At a full stack', () => {
  const run = async (program: string, ...args: readonly string[]): Promise<Readonly<Record<string, number>>> => {
    const imports = ['--conditions=tinyllm-source', '--import=./spec/support/register.js'];
    const { stdout } = await runNode([...imports, `spec/support/${program}`, ...args]);
    return JSON.parse(stdout);
  };

  it('a decorated async method leaves no call active, and counts the end of each', async () => {
    const { executions = 0, timed, active } = await run('recurse-async.ts');
    expect(executions).to.be.above(1_000);
    expect({ timed, active }).to.deep.equal({ timed: executions, active: 0 });
  });

  it('a request in a sampled span is timed once', async () => {
    const { requests = 0, timed, active } = await run('recurse-traced.ts');
    expect(requests).to.be.above(1_000);
    expect({ timed, active }).to.deep.equal({ timed: requests, active: 0 });
  });

  for (const frameSize of ['5', '9']) {
    it(`a stream that fails ends once, also in functions with ${frameSize} local variables`, async () => {
      const { requests = 0, timed, active } = await run('fail-streams.ts', frameSize);
      expect(requests).to.be.above(1_000);
      expect({ timed, active }).to.deep.equal({ timed: requests, active: 0 });
    });
  }
});
