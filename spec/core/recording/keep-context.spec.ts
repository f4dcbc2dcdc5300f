import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { callContext } from '../../../lib/core/metrics/call-context.js';
import { keepContext } from '../../../lib/core/recording/keep-context.js';

describe('keepContext', () => {
  const graphNow = () => callContext.getStore()?.graph;
  const inGraph = <Result>(work: () => Result): Result => callContext.run({ graph: 'g', labels: {} }, work);
  /** Creates a value in a graph, and lets it keep the context of that graph. */
  const kept = <Value>(make: () => Value): Value =>
    inGraph(() => {
      const value = make();
      keepContext(value);
      return value;
    });

  async function* chunks(): AsyncGenerator<string | undefined> {
    yield graphNow();
    await sleep(1);
    yield graphNow();
  }
  const read = async (iterable: AsyncIterable<unknown>) => {
    const seen: unknown[] = [];
    for await (const chunk of iterable) {
      seen.push(chunk);
      expect(graphNow(), 'the context of the consumer').to.equal(undefined);
    }
    return seen;
  };

  it('lets the body of an async generator run in the context in which the generator was created', async () => {
    expect(await read(chunks())).to.deep.equal([undefined, undefined]);
    expect(await read(kept(chunks))).to.deep.equal(['g', 'g']);
  });

  it('lets the body of a generator run in it, including its cleanup after a return or an error', () => {
    const ended: unknown[] = [];
    function* numbers(): Generator<unknown> {
      try {
        for (;;) yield graphNow();
      } catch {
        yield graphNow();
      } finally {
        ended.push(graphNow());
      }
    }
    const generator = kept(numbers);
    expect(generator.next().value).to.equal('g');
    expect(generator.throw(new Error('no')).value).to.equal('g');
    generator.return(undefined);
    expect(ended).to.deep.equal(['g']);
  });

  it('applies to iterables, however often they are iterated', async () => {
    const iterable = kept(() => ({ [Symbol.asyncIterator]: chunks }));
    expect(await read(iterable)).to.deep.equal(['g', 'g']);
    expect(await read(iterable)).to.deep.equal(['g', 'g']);
  });

  it('applies to the source of a web stream that is iterated, read, or divided', async () => {
    const counting = (left: number) =>
      new ReadableStream(
        {
          async pull(controller) {
            await sleep(1);
            controller.enqueue(graphNow());
            if (--left === 0) controller.close();
          },
        },
        { highWaterMark: 0 },
      );
    expect(await read(kept(() => counting(2)))).to.deep.equal(['g', 'g']);
    const reader = kept(() => counting(2)).getReader();
    expect([(await reader.read()).value, (await reader.read()).value]).to.deep.equal(['g', 'g']);
    const [left, right] = kept(() => counting(2)).tee();
    expect(await Promise.all([read(left), read(right)])).to.deep.equal([
      ['g', 'g'],
      ['g', 'g'],
    ]);
  });

  it('applies to the source of a Node stream', async () => {
    const readable = kept(() => {
      let left = 3;
      return new Readable({
        objectMode: true,
        highWaterMark: 1,
        read() {
          setTimeout(() => this.push(left-- > 0 ? (graphNow() ?? 'none') : null), 1);
        },
      });
    });
    expect(await read(readable)).to.deep.equal(['g', 'g', 'g']);
  });

  it('applies to a stream in the property `stream`', async () => {
    expect(await read(kept(() => ({ stream: chunks() })).stream)).to.deep.equal(['g', 'g']);
  });

  it('ignores objects that can be iterated several times, and duplex streams', async () => {
    class Store {
      async *[Symbol.asyncIterator]() {
        yield graphNow();
      }
      read = () => graphNow();
      next = undefined;
    }
    const store = kept(() => new Store());
    expect(store.read()).to.equal(undefined);
    expect(await read(store)).to.deep.equal([undefined]);
    expect(Object.keys(kept(() => new PassThrough()))).to.deep.equal(Object.keys(new PassThrough()));
  });

  it('applies to objects that inherit from a stream', async () => {
    const source = kept(() => ({
      name: 'source',
      next: () => ({ done: false, value: graphNow() }),
      [Symbol.iterator]: () => source,
    }));
    const derived = Object.assign(Object.create(source), { name: 'derived' });
    expect(derived.next().value).to.equal('g');
  });

  it('applies to a web stream that is piped through another one, and to streams in other properties', async () => {
    const source = () =>
      new ReadableStream(
        {
          pull(controller) {
            controller.enqueue(graphNow());
            controller.close();
          },
        },
        { highWaterMark: 0 },
      );
    expect(await read(kept(source).pipeThrough(new TransformStream()))).to.deep.equal(['g']);
    expect(await read(kept(() => ({ textStream: chunks() })).textStream)).to.deep.equal(['g', 'g']);
    expect(await read(kept(() => ({ fullStream: source() })).fullStream)).to.deep.equal(['g']);
  });

  it('keeps the first context', async () => {
    const generator = kept(chunks);
    callContext.run({ graph: 'outer', labels: {} }, () => keepContext(generator));
    expect(await read(generator)).to.deep.equal(['g', 'g']);
  });

  it('changes nothing outside a context, and ignores other values and frozen streams', () => {
    const generator = chunks();
    keepContext(generator);
    expect(Object.getOwnPropertyNames(generator)).to.deep.equal([]);
    const hostile = new Proxy(
      {},
      {
        has: () => {
          throw new Error('no');
        },
      },
    );
    inGraph(() => {
      for (const value of [undefined, null, 7, 'text', [1], new Map(), Object.freeze(chunks()), hostile]) {
        expect(() => keepContext(value)).not.to.throw();
      }
    });
  });
});
