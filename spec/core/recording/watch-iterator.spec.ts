import { expect } from 'chai';
import { dialects } from '../../support/dialects.js';
import { freshGraph, nodeCounts, nodeErrors } from '../../support/shared-scrape.js';

const open = { executions: 1, timed: 0, active: 1, cancelled: 0 };
const ended = { executions: 1, timed: 1, active: 0, cancelled: 0 };
const left = { ...ended, cancelled: 1 };

for (const dialect of dialects) {
  describe(`an iterator that a decorated method returns (${dialect.name})`, () => {
    const setUp = () => {
      const graph = freshGraph();
      const { Node } = dialect.subjects(graph);
      return { graph, node: new Node() };
    };

    it('passes on the return value of a generator', async () => {
      const { node, graph } = setUp();
      const stream = node.stream(0);
      expect(await stream.next()).to.deep.equal({ done: true, value: 'returned' });
      expect(await stream.next()).to.deep.equal({ done: true, value: undefined });
      const counted = node.count(1, 'last');
      expect([counted.next(), counted.next()]).to.deep.equal([
        { done: false, value: 0 },
        { done: true, value: 'last' },
      ]);
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 2, timed: 2, active: 0, cancelled: 0 });
    });

    it('can still be delegated to, spread and iterated', async () => {
      const { node, graph } = setUp();
      expect([...node.count(3)]).to.deep.equal([0, 1, 2]);
      const delegating = (async function* () {
        return yield* node.stream(2);
      })();
      expect([await delegating.next(), await delegating.next()]).to.have.length(2);
      expect(await delegating.next()).to.deep.equal({ done: true, value: 'returned' });
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 2, timed: 2, active: 0, cancelled: 0 });
    });

    it('fails if a chunk cannot be read, with the same error for its reader', async () => {
      const { node, graph } = setUp();
      const chunk = {
        done: false,
        get value(): number {
          throw new RangeError('no');
        },
      };
      const stream: IterableIterator<number> = node.run(() => ({
        [Symbol.iterator]: () => stream,
        next: () => chunk as IteratorResult<number>,
      }));
      expect(stream.next()).to.equal(chunk);
      expect(await nodeErrors(graph, 'RangeError')).to.equal(1);
      expect(await nodeCounts(graph)).to.deep.equal(ended);
    });

    it('fails if `next` throws synchronously, with the same error for the caller', async () => {
      const { node, graph } = setUp();
      const failure = new RangeError('no');
      const stream = node.run(() => ({
        [Symbol.asyncIterator]() {
          return this;
        },
        next(): Promise<IteratorResult<number>> {
          throw failure;
        },
      }));
      expect(() => stream.next()).to.throw(failure);
      expect(await nodeErrors(graph, 'RangeError')).to.equal(1);
      expect(await nodeCounts(graph)).to.deep.equal(ended);
    });

    it('settles when it throws, once', async () => {
      const { node, graph } = setUp();
      const failure = new RangeError('no');
      const stream = node.stream(1, failure);
      await stream.next();
      expect(await stream.next().catch((error: unknown) => error)).to.equal(failure);
      await stream.next();
      await stream.return('over');
      expect(await nodeCounts(graph)).to.deep.equal(ended);
      expect(await nodeErrors(graph, 'RangeError')).to.equal(1);
    });

    it('settles when its consumer leaves the loop', async () => {
      const { node, graph } = setUp();
      for await (const _chunk of node.stream(9)) break;
      expect(await nodeCounts(graph)).to.deep.equal(left);
      for (const _chunk of node.count(9)) break;
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 2, timed: 2, active: 0, cancelled: 2 });
    });

    it('settles when its consumer throws into it', async () => {
      const { node, graph } = setUp();
      const stream = node.stream(9);
      await stream.next();
      const failure = new TypeError('stop');
      expect(await stream.throw(failure).catch((error: unknown) => error)).to.equal(failure);
      expect(await nodeCounts(graph)).to.deep.equal(ended);
      expect(await nodeErrors(graph, 'TypeError')).to.equal(1);
    });

    it('settles when it is closed before its first chunk', async () => {
      const { node, graph } = setUp();
      await node.stream(9).return('over');
      expect(await nodeCounts(graph)).to.deep.equal(left);
    });

    it('continues if the generator ignores `return`', async () => {
      const { node, graph } = setUp();
      const stubborn = (async function* () {
        try {
          yield 1;
        } finally {
          yield 'not yet';
        }
      })();
      const stream = node.run(() => stubborn);
      await stream.next();
      expect(await stream.return(undefined)).to.deep.equal({ done: false, value: 'not yet' });
      expect(await nodeCounts(graph)).to.deep.equal(open);
      await stream.return(undefined);
      expect(await nodeCounts(graph)).to.deep.equal(left);
    });

    it('continues if it handles an error that the consumer throws into it', async () => {
      const { node, graph } = setUp();
      const patient = (function* (): Generator<unknown> {
        for (;;) {
          try {
            yield 1;
          } catch {
            yield 'caught';
          }
        }
      })();
      const stream = node.run(() => patient);
      stream.next();
      expect(stream.throw('what')).to.deep.equal({ done: false, value: 'caught' });
      expect(await nodeCounts(graph)).to.deep.equal(open);
      stream.return(undefined);
      expect(await nodeCounts(graph)).to.deep.equal(left);
    });

    it('returns the right kind of result from an added `return`', async () => {
      const { node, graph } = setUp();
      const next = () => ({ done: false, value: 1 });
      type Returning = { return(value: unknown): unknown };
      const inTurn = node.run(() => ({ next, [Symbol.iterator]: () => [][Symbol.iterator]() }));
      expect((inTurn as unknown as Returning).return('over')).to.deep.equal({ done: true, value: 'over' });
      const later = node.run(() => ({ next, [Symbol.asyncIterator]: () => chunksOf(1) }));
      const answer = (later as unknown as Returning).return('over');
      expect(answer).to.be.instanceOf(Promise);
      expect(await answer).to.deep.equal({ done: true, value: 'over' });
      const bare = node.run(() => ({ [Symbol.asyncIterator]: () => ({ next }) as never }));
      const iterator = bare[Symbol.asyncIterator]() as Returning;
      expect(await iterator.return('over')).to.deep.equal({ done: true, value: 'over' });
      expect(iterator.return(1)).to.be.instanceOf(Promise);
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 3, timed: 3, active: 0, cancelled: 3 });
    });

    it('gets a method `return` if it has none, but no other method', () => {
      const { node } = setUp();
      const next = () => ({ done: false, value: 1 });
      const inTurn = node.run(() => ({ next, [Symbol.iterator]: () => [][Symbol.iterator]() }));
      expect(Reflect.ownKeys(inTurn)).to.have.members(['next', 'return', Symbol.iterator]);
      const bare = node.run(() => ({ [Symbol.asyncIterator]: () => ({ next }) as never }));
      expect(Reflect.ownKeys(bare[Symbol.asyncIterator]())).to.have.members(['next', 'return']);
    });

    it('may return documents whose field `done` is not the end', async () => {
      const { node, graph } = setUp();
      const documents = [{ done: true, title: 'work' }, 7, undefined, { value: 3 }];
      const cursor = { next: () => documents.shift(), [Symbol.asyncIterator]: () => chunksOf(0) };
      node.run(() => cursor);
      for (let index = 0; index < 4; index++) cursor.next();
      expect(await nodeCounts(graph)).to.deep.equal(open);
      documents.push({ done: true } as never);
      cursor.next();
      expect(await nodeCounts(graph)).to.deep.equal(ended);
    });

    it('can be iterated through its method `iterator`, which `tee` of OpenAI clients calls', async () => {
      const { node, graph } = setUp();
      const shape = { [Symbol.asyncIterator]: () => chunksOf(2), iterator: () => chunksOf(2) };
      const stream = node.run(() => ({ ...shape, tee: () => [] }));
      for await (const _chunk of stream.iterator());
      expect(await nodeCounts(graph)).to.deep.equal(ended);
      const other = node.run(() => shape);
      for await (const _chunk of other.iterator());
      expect((await nodeCounts(graph)).active).to.equal(1);
    });

    it('may be an iterator without `return`', async () => {
      const { node, graph } = setUp();
      const bare = () => ({
        next: async () => ({ done: false, value: 1 }),
        [Symbol.asyncIterator]() {
          return this;
        },
      });
      for await (const _chunk of node.run(bare)) break;
      expect(await nodeCounts(graph)).to.deep.equal(left);
    });

    it('may be a cursor whose `next` returns documents', async () => {
      const { node, graph } = setUp();
      const cursor = { next: async () => null, [Symbol.asyncIterator]: () => chunksOf(2) };
      expect(node.run(() => cursor)).to.equal(cursor);
      expect(await cursor.next()).to.equal(null);
      expect(await nodeCounts(graph)).to.deep.equal(open);
      for await (const _chunk of cursor);
      expect(await nodeCounts(graph)).to.deep.equal(ended);
    });
  });
}

async function* chunksOf(count: number): AsyncGenerator<number> {
  for (let index = 0; index < count; index++) yield index;
}
