import { EventEmitter, getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { dialects } from '../../support/dialects.js';
import { eventually } from '../../support/eventually.js';
import { freshGraph, nodeCounts, nodeErrors } from '../../support/shared-scrape.js';

const open = { executions: 1, timed: 0, active: 1, cancelled: 0 };
const ended = { executions: 1, timed: 1, active: 0, cancelled: 0 };
const left = { ...ended, cancelled: 1 };

for (const dialect of dialects) {
  describe(`a stream that a decorated method returns (${dialect.name})`, () => {
    const setUp = () => {
      const graph = freshGraph();
      const { Node } = dialect.subjects(graph);
      return { graph, node: new Node() };
    };

    it('is measured to its last chunk, with unchanged chunks', async () => {
      const { node, graph } = setUp();
      const stream = node.stream(3);
      expect(await stream.next()).to.deep.equal({ done: false, value: 0 });
      expect(await nodeCounts(graph)).to.deep.equal(open);
      const rest: number[] = [];
      for await (const chunk of stream) rest.push(chunk);
      expect(rest).to.deep.equal([1, 2]);
      expect(await nodeCounts(graph)).to.deep.equal(ended);
    });

    it("settles when the caller's signal is aborted, even if nobody continues to read", async () => {
      const { node, graph } = setUp();
      const controller = new AbortController();
      const stream = await node.runAsync(() => ({ [Symbol.asyncIterator]: () => endless() }), {
        signal: controller.signal,
      });
      await stream[Symbol.asyncIterator]().next();
      expect(await nodeCounts(graph)).to.deep.equal(open);
      controller.abort();
      expect(await nodeCounts(graph)).to.deep.equal(left);
    });

    it('counts each of many calls that one signal ends, and removes its listener', async () => {
      const { node, graph } = setUp();
      const controller = new AbortController();
      const { signal } = controller;
      const give = () => node.runAsync(() => ({ [Symbol.asyncIterator]: () => chunksOf(1) }), { signal });
      for await (const _chunk of await give());
      expect(getEventListeners(signal, 'abort')).to.have.length(0);
      const streams = [await give(), await give(), await give()];
      expect(getEventListeners(signal, 'abort')).to.have.length(1);
      for await (const _chunk of streams[0]!);
      expect(getEventListeners(signal, 'abort')).to.have.length(1);
      controller.abort();
      expect(getEventListeners(signal, 'abort')).to.have.length(0);
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 4, timed: 4, active: 0, cancelled: 2 });
    });

    it('is observed even if the arguments cannot be searched for a signal', async () => {
      const { node, graph } = setUp();
      const options = {
        get signal(): never {
          throw new Error('hands off');
        },
      };
      for await (const _chunk of await node.runAsync(() => ({ [Symbol.asyncIterator]: () => chunksOf(1) }), options));
      expect(await nodeCounts(graph)).to.deep.equal(ended);
    });

    it("settles when the signal of Ollama's controller is aborted", async () => {
      const { node, graph } = setUp();
      const abortController = new AbortController();
      node.run(() => Object.assign(endless(), { abortController }));
      abortController.abort();
      await nextTurn();
      expect(await nodeCounts(graph)).to.deep.equal(left);
    });

    it('settles when the signal of its own controller is aborted, with a timeout as an error', async () => {
      const { node, graph } = setUp();
      const controller = new AbortController();
      node.run(() => Object.assign(endless(), { controller }));
      controller.abort(new DOMException('late', 'TimeoutError'));
      await nextTurn();
      expect(await nodeCounts(graph)).to.deep.equal(ended);
      expect(await nodeErrors(graph, 'timeout')).to.equal(1);
    });

    it('settles when it is garbage-collected', async function () {
      this.timeout(20_000);
      const { node, graph } = setUp();
      setFlagsFromString('--expose-gc');
      const collectGarbage = runInNewContext('gc') as () => void;
      await (async () => {
        await node.stream(9).next();
      })();
      await eventually(async () => {
        collectGarbage();
        expect(await nodeCounts(graph)).to.deep.equal(left);
        return true;
      });
    });

    it('stays alive as long as one of its iterators', async () => {
      const { node, graph } = setUp();
      setFlagsFromString('--expose-gc');
      const collectGarbage = runInNewContext('gc') as () => void;
      const iterator = (await node.runAsync(() => ({ [Symbol.asyncIterator]: () => endless() })))[
        Symbol.asyncIterator
      ]();
      for (let round = 0; round < 5; round++) {
        collectGarbage();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(await nodeCounts(graph)).to.deep.equal(open);
      await iterator.return(undefined);
      expect(await nodeCounts(graph)).to.deep.equal(left);
    });

    it('counts for every call that returned it', async () => {
      const { node, graph } = setUp();
      const shared = { [Symbol.asyncIterator]: () => chunksOf(1) };
      const streams = [node.run(() => shared), await node.runAsync(() => shared)];
      expect(streams).to.deep.equal([shared, shared]);
      for await (const _chunk of shared);
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 2, timed: 2, active: 0, cancelled: 0 });
    });

    it('is observed again if a call returns it after its end', async () => {
      const { node, graph } = setUp();
      const shared = { [Symbol.asyncIterator]: () => chunksOf(1) };
      for (let round = 0; round < 3; round++) for await (const _chunk of node.run(() => shared));
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 3, timed: 3, active: 0, cancelled: 0 });
    });

    it('is not an object that only has `next`, or a synchronous iterable', async () => {
      const { node, graph } = setUp();
      for (const value of [{ next: () => 1 }, { next: 'page' }, [1], new Set([1]), { [Symbol.iterator]: () => [] }]) {
        const keys = Reflect.ownKeys(value);
        expect(node.run(() => value)).to.equal(value);
        expect(Reflect.ownKeys(value)).to.deep.equal(keys);
      }
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 5, timed: 5, active: 0, cancelled: 0 });
    });

    it('may be in the property `stream` of a result', async () => {
      const { node, graph } = setUp();
      const result = node.run(() => ({ stream: chunksOf(1) }));
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 1, timed: 0, active: 1, cancelled: 0 });
      for await (const _chunk of result.stream);
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 1, timed: 1, active: 0, cancelled: 0 });
    });

    it('is not created by a getter before the application reads it', async () => {
      const { node, graph } = setUp();
      let created = 0;
      const open = () => {
        created++;
        return chunksOf(1);
      };
      const alone = {
        get stream() {
          return open();
        },
      };
      node.run(() => alone);
      expect(await nodeCounts(graph)).to.deep.equal(ended);
      const answer = node.run(() => ({
        response: Promise.resolve('a'),
        get stream() {
          return open();
        },
      }));
      expect(created).to.equal(0);
      for await (const _chunk of answer.stream);
      expect(created).to.equal(1);
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 2, timed: 2, active: 0, cancelled: 0 });
    });

    it('is not a fetch response or an emitter, unless the call is a request to a model', async () => {
      const { node, graph } = setUp();
      node.run(() => new Response('{}'));
      node.run(() => new EventEmitter());
      expect(await nodeCounts(graph)).to.deep.equal({ executions: 2, timed: 2, active: 0, cancelled: 0 });
    });

    it('has overridden methods that are not enumerable and can be replaced', () => {
      const { node } = setUp();
      const stream = node.run(() => ({ [Symbol.asyncIterator]: () => chunksOf(1), title: 'own' }));
      const descriptor = Object.getOwnPropertyDescriptor(stream, Symbol.asyncIterator);
      expect(descriptor).to.include({ enumerable: false, configurable: true, writable: true });
      expect(Object.keys(stream)).to.deep.equal(['title']);
    });

    it('settles at once if it is frozen', async () => {
      const { node, graph } = setUp();
      const frozen = Object.freeze(chunksOf(2));
      for await (const _chunk of node.run(() => frozen));
      expect(await nodeCounts(graph)).to.deep.equal(ended);
    });

    it('settles at once if it is a Node stream that has ended', async () => {
      const { node, graph } = setUp();
      const over = Readable.from(['a']).destroy();
      expect(node.run(() => over)).to.equal(over);
      expect(await nodeCounts(graph)).to.deep.equal(ended);
    });

    it('fails with a Node stream, and does not handle its error', async () => {
      const { node, graph } = setUp();
      const stream = node.run(() => new Readable({ read: () => {} }));
      const failed = new Promise((resolve) => stream.once('error', resolve));
      const failure = new RangeError('no');
      stream.destroy(failure);
      expect(await failed).to.equal(failure);
      expect(await nodeErrors(graph, 'RangeError')).to.equal(1);
      expect(await nodeCounts(graph)).to.deep.equal(ended);
    });

    it('may be a Node stream, read by iteration or by events', async () => {
      const { node, graph } = setUp();
      for await (const _chunk of node.run(() => Readable.from(['a', 'b'])));
      const byEvents = await node.runAsync(() => Readable.from(['a', 'b']));
      expect((await nodeCounts(graph)).active).to.equal(1);
      await new Promise((resolve) => byEvents.resume().once('close', resolve));
      node.run(() => Readable.from(['a'])).destroy();
      await eventually(async () => {
        expect(await nodeCounts(graph)).to.deep.equal({ executions: 3, timed: 3, active: 0, cancelled: 1 });
        return true;
      });
    });
  });
}

async function* chunksOf(count: number): AsyncGenerator<number> {
  for (let index = 0; index < count; index++) yield index;
}

async function* endless(): AsyncGenerator<number> {
  for (let index = 0; ; index++) yield index;
}
