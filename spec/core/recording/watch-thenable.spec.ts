import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { dialects } from '../../support/dialects.js';
import { eventually } from '../../support/eventually.js';
import { freshGraph, nodeCounts, nodeErrors } from '../../support/shared-scrape.js';

const open = { executions: 1, timed: 0, active: 1, cancelled: 0 };
const settled = { executions: 1, timed: 1, active: 0, cancelled: 0 };

/** A query that runs each time it is awaited, like those of query builders. */
class Query {
  runs = 0;

  constructor(private readonly answer: () => unknown) {}

  then<A, B>(
    onFulfilled?: ((value: unknown) => A) | null,
    onRejected?: ((error: unknown) => B) | null,
  ): Promise<A | B> {
    this.runs++;
    return Promise.resolve().then(this.answer).then(onFulfilled, onRejected) as Promise<A | B>;
  }
}

for (const dialect of dialects) {
  describe(`a thenable that a decorated method returns (${dialect.name})`, () => {
    const setUp = () => {
      const graph = freshGraph();
      const { Node } = dialect.subjects(graph);
      return { graph, node: new Node() };
    };

    it('stays the identical object, and runs each time it is awaited', async () => {
      const { node, graph } = setUp();
      const query = new Query(() => 42);
      expect(node.run(() => query)).to.equal(query);
      expect(query.runs).to.equal(0);
      expect(await nodeCounts(graph)).to.deep.equal(open);
      expect([await query, await query]).to.deep.equal([42, 42]);
      expect(query.runs).to.equal(2);
      expect(await nodeCounts(graph)).to.deep.equal(settled);
    });

    it('settles with its rejection, which the caller receives', async () => {
      const { node, graph } = setUp();
      const failure = new RangeError('no');
      const query = new Query(() => {
        throw failure;
      });
      const caught = await (async () => await node.run(() => query))().catch((error: unknown) => error);
      expect(caught).to.equal(failure);
      expect(await nodeErrors(graph, 'RangeError')).to.equal(1);
      expect(await nodeCounts(graph)).to.deep.equal(settled);
    });

    it('may throw synchronously from `then`', async () => {
      const { node, graph } = setUp();
      const failure = new TypeError('no');
      const thenable = {
        then: () => {
          throw failure;
        },
      };
      expect(() => node.run(() => thenable).then()).to.throw(failure);
      expect(await nodeErrors(graph, 'TypeError')).to.equal(1);
    });

    it('may resolve to a stream, measured to its last chunk', async () => {
      const { node, graph } = setUp();
      const query = new Query(() =>
        (async function* () {
          yield 1;
        })(),
      );
      const stream = (await (node.run(() => query) as unknown)) as AsyncGenerator<number>;
      expect(await nodeCounts(graph)).to.deep.equal(open);
      for await (const _chunk of stream);
      expect(await nodeCounts(graph)).to.deep.equal(settled);
    });

    it('may be a promise subclass with members of its own', async () => {
      const { node, graph } = setUp();
      class Request extends Promise<string> {
        readonly #path = '/v1';
        // biome-ignore lint/suspicious/noExplicitAny: the types of the callbacks are those of the caller
        override then(ok?: any, no?: any): any {
          return super.then(ok, no);
        }
        path(): string {
          return this.#path;
        }
        static override get [Symbol.species]() {
          return Promise;
        }
      }
      const request = new Request((resolve) => resolve('answer'));
      const returned = node.run(() => request);
      expect(returned).to.equal(request);
      expect(returned.path()).to.equal('/v1');
      expect(await returned.catch(() => 'not reached')).to.equal('answer');
      expect(await nodeCounts(graph)).to.deep.equal(settled);
    });

    it('calls the callbacks, and passes on their results and errors', async () => {
      const { node, graph } = setUp();
      const answered = node.run(() => new Query(() => 42));
      expect(await answered.then((value) => `got ${value}`)).to.equal('got 42');
      expect(await answered.then()).to.equal(42);
      const failure = new RangeError('no');
      const failing = node.run(() => new Query(() => Promise.reject(failure)));
      expect(await failing.then(null, (error) => ['caught', error])).to.deep.equal(['caught', failure]);
      expect(await failing.then().catch((error: unknown) => error)).to.equal(failure);
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 2, timed: 2, active: 0, cancelled: 0 });
      expect(await nodeErrors(graph, 'RangeError')).to.equal(1);
    });

    it("settles when the caller's signal was aborted, as cancelled", async () => {
      const { node, graph } = setUp();
      const signal = AbortSignal.abort('left');
      const query = node.run((_self, _options) => new Query(() => Promise.reject('left')), { signal });
      expect(await query.then().catch((error: unknown) => error)).to.equal('left');
      expect(await nodeCounts(graph)).to.deep.equal({ ...settled, cancelled: 1 });
    });

    it('is cancelled when it is garbage-collected without being awaited', async function () {
      this.timeout(20_000);
      const { node, graph } = setUp();
      setFlagsFromString('--expose-gc');
      const collectGarbage = runInNewContext('gc') as () => void;
      const awaited = new Query(() => 1);
      await (async () => {
        node.run(() => new Query(() => 1));
        await node.run(() => awaited);
      })();
      await eventually(async () => {
        collectGarbage();
        expect(await nodeCounts(graph)).to.deep.equal({ executions: 2, timed: 2, active: 0, cancelled: 1 });
        return true;
      });
    });

    it('may be iterated more than once, and may return no iterator', async () => {
      const { node, graph } = setUp();
      const ways: unknown[] = [undefined, null, 7, { next: async () => ({ done: true, value: 0 }) }];
      const rows = node.run(() =>
        Object.assign(new Query(() => 1), { [Symbol.asyncIterator]: (limit: number) => ways[limit] }),
      );
      for (const limit of [0, 1, 2]) expect(rows[Symbol.asyncIterator](limit)).to.equal(ways[limit]);
      expect(await nodeCounts(graph)).to.deep.equal(open);
      await rows;
      expect(await nodeCounts(graph)).to.deep.equal(settled);
    });

    it('counts for every call that returned it', async () => {
      const { node, graph } = setUp();
      const query = new Query(() => 1);
      for (let call = 0; call < 3; call++) node.run(() => query);
      await query;
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 3, timed: 3, active: 0, cancelled: 0 });
    });

    it('may be iterated instead, to its last chunk', async () => {
      const { node, graph } = setUp();
      class Rows extends Query {
        async *[Symbol.asyncIterator]() {
          yield* (await this) as number[];
        }
      }
      const rows = node.run(() => new Rows(() => [1, 2]));
      const seen: number[] = [];
      for await (const row of rows) {
        expect(await nodeCounts(graph)).to.deep.equal(open);
        seen.push(row);
      }
      expect(seen).to.deep.equal([1, 2]);
      expect(await nodeCounts(graph)).to.deep.equal(settled);
    });

    it('has its `then` read once', async () => {
      const { node, graph } = setUp();
      const thens = [(resolve: (value: number) => void) => resolve(5)];
      const thenable = {
        get then() {
          return thens.shift();
        },
      };
      expect(await (node.run(() => thenable) as unknown)).to.equal(5);
      expect(await nodeCounts(graph)).to.deep.equal(settled);
    });

    it('may be a promise with its own `then`, which `await` does not use', async () => {
      const { node, graph } = setUp();
      const thenCalls: unknown[] = [];
      const promiseOf = (settled: Promise<number>): Promise<number> => {
        const then: typeof settled.then = (...handlers) => {
          thenCalls.push(settled);
          return Promise.prototype.then.apply(settled, handlers) as never;
        };
        return Object.freeze(Object.assign(settled, Object.fromEntries([['then', then]])));
      };
      const unhandled: unknown[] = [];
      const onUnhandled = (error: unknown) => unhandled.push(error);
      process.on('unhandledRejection', onUnhandled);
      try {
        expect(await node.run(() => promiseOf(Promise.resolve(1)))).to.equal(1);
        expect(thenCalls).to.have.length(0);
        expect(await nodeCounts(graph)).to.deep.equal(settled);
        const failure = new RangeError('no');
        const failing = node.run(() => promiseOf(Promise.reject(failure)));
        expect(await new Promise((resolve) => failing.then(resolve, resolve))).to.equal(failure);
        expect(thenCalls).to.have.length(1);
        await new Promise((resolve) => setImmediate(resolve));
        expect(unhandled).to.deep.equal([]);
      } finally {
        process.off('unhandledRejection', onUnhandled);
      }
      expect(await nodeErrors(graph, 'RangeError')).to.equal(1);
    });

    it('may be a promise behind a Proxy, which stays readable for the caller', async () => {
      const { node, graph } = setUp();
      const proxy = new Proxy(Promise.resolve(1), {});
      expect(node.run(() => proxy)).to.equal(proxy);
      expect(() => proxy.then()).to.throw(TypeError);
      expect(await nodeErrors(graph, 'TypeError')).to.equal(1);
    });

    it('settles at once if it is frozen', async () => {
      const { node, graph } = setUp();
      const query = Object.freeze({ ...new Query(() => 1), then: (resolve: (value: number) => void) => resolve(7) });
      expect(await node.run(() => query)).to.equal(7);
      expect(await nodeCounts(graph)).to.deep.equal(settled);
    });
  });
}
