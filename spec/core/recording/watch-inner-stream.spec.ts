import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { watchInnerStream } from '../../../lib/core/recording/watch-inner-stream.js';
import { eventually } from '../../support/eventually.js';
import { recordingListener } from '../../support/recording-listener.js';

async function* words(): AsyncGenerator<string> {
  yield* ['Fo', 'ur'];
}

async function drain(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** A result whose getters start work, as those of the AI SDK and of Mastra do. */
class Lazy {
  readonly #failure: Error | undefined;
  #opened = 0;

  constructor(failure?: Error) {
    this.#failure = failure;
  }
  get opened(): number {
    return this.#opened;
  }
  get textStream(): AsyncGenerator<string> {
    return this.#open();
  }
  get fullStream(): AsyncGenerator<string> {
    return this.#open();
  }
  get text(): Promise<string> {
    return this.#failure === undefined ? Promise.resolve('Four') : Promise.reject(this.#failure);
  }
  get usage(): Promise<object> {
    return Promise.resolve({ inputTokens: 9, outputTokens: 2 });
  }
  #open(): AsyncGenerator<string> {
    this.#opened++;
    return words();
  }
}

const nothingKnown = { hasUsage: false, hasFinishReason: false, returned: () => {} };

describe('a result that contains its stream', () => {
  const watched = <Result extends object>(result: Result) => {
    const { listener, events } = recordingListener();
    const isWatched = watchInnerStream(result, { ...listener, ...nothingKnown });
    return { result, events, isWatched };
  };
  const ended = [['chunk', 'Fo'], ['chunk', 'ur'], ['end']];

  const streams: readonly (readonly [name: string, open: () => AsyncIterable<unknown>])[] = [
    ['a generator', words],
    ['an iterable', () => ({ [Symbol.asyncIterator]: words })],
    ['a web stream', () => ReadableStream.from(['Fo', 'ur']) as unknown as AsyncIterable<unknown>],
  ];
  for (const [name, open] of streams) {
    it(`is observed through its stream: ${name}`, async () => {
      const { result, events, isWatched } = watched({ stream: open() });
      expect(isWatched).to.equal(true);
      expect(await drain(result.stream)).to.deep.equal(['Fo', 'ur']);
      expect(events).to.deep.equal(ended);
    });
  }

  it('is observed through the own methods of a generator and of a web stream', async () => {
    const generator = watched({ stream: words() });
    expect(await generator.result.stream.next()).to.deep.equal({ done: false, value: 'Fo' });
    await generator.result.stream.return(undefined);
    expect(generator.events).to.deep.equal([['chunk', 'Fo'], ['leave']]);
    const web = watched({ stream: ReadableStream.from(['Fo']) });
    await web.result.stream.getReader().read();
    await web.result.stream.cancel().catch(() => {});
    expect(web.events).to.deep.equal([['chunk', 'Fo']]);
  });

  it('adds no methods of iterators to an iterable', () => {
    const { result } = watched({ stream: { [Symbol.asyncIterator]: words } });
    expect(Reflect.ownKeys(result.stream)).to.deep.equal([Symbol.asyncIterator]);
  });

  it('is observed through its promise of the response', async () => {
    const { result, events } = watched({ stream: words(), response: Promise.resolve('Four') });
    expect(await result.response).to.equal('Four');
    expect(events).to.deep.equal([['end', 'Four']]);
    const other = watched({ stream: words(), response: 'Four' });
    expect(other.isWatched).to.equal(true);
    expect(Object.getOwnPropertyDescriptor(other.result, 'response')).to.include({ value: 'Four' });
    expect(watched({ stream: words() }).result).to.have.all.keys('stream');
  });

  it('is not observed without a stream, or behind a getter', () => {
    const getter = {
      get stream(): never {
        throw new Error('consumed');
      },
    };
    for (const result of [{}, { stream: 'none' }, { stream: null }, { response: Promise.resolve(1) }, getter]) {
      const before = Object.getOwnPropertyDescriptors(result);
      expect(watched(result).isWatched).to.equal(false);
      expect(Object.getOwnPropertyDescriptors(result)).to.deep.equal(before);
    }
    const inherited = Object.create({ stream: words() }) as { stream: AsyncIterable<unknown> };
    expect(watched(inherited).isWatched).to.equal(false);
  });

  it('ends with its response, which has the token counts, after its stream', async () => {
    const { result, events } = watched({ stream: words(), response: Promise.resolve('Four') });
    await drain(result.stream);
    await nextTurn();
    expect(events).to.deep.equal([...ended.slice(0, 2), ['end', 'Four']]);
    const broken = watched({ stream: words(), response: Promise.reject(new Error('no')) });
    await drain(broken.result.stream);
    await nextTurn();
    expect(broken.events).to.deep.equal(ended);
  });

  it('is not cancelled if its stream is closed after its end', async () => {
    const { result, events } = watched({ stream: words(), response: nextTurn('Four') });
    await drain(result.stream);
    await result.stream.return(undefined);
    expect(events).to.deep.equal(ended.slice(0, 2));
    await eventually(async () => events.length === 3);
    expect(events[2]).to.deep.equal(['end', 'Four']);
  });

  it('may be frozen', async () => {
    const { result, events, isWatched } = watched(Object.freeze({ stream: words(), response: Promise.resolve(1) }));
    expect(isWatched).to.equal(true);
    await drain(result.stream);
    await nextTurn();
    expect(events).to.deep.equal([...ended.slice(0, 2), ['end', 1]]);
    expect(watched(Object.freeze(new Lazy())).isWatched).to.equal(false);
  });

  it('is observed through the first of its streams that is read, and ends with its facts', async () => {
    const usage = { inputTokens: 9, outputTokens: 2 };
    const { result, events } = watched({
      ...{ textStream: words(), fullStream: ReadableStream.from(['other']) },
      ...{ usage: Promise.resolve(usage), finishReason: Promise.resolve('length') },
    });
    await result.textStream.next();
    await drain(result.fullStream as unknown as AsyncIterable<unknown>);
    await drain(result.textStream);
    await nextTurn();
    expect(events).to.deep.equal([...ended.slice(0, 2), ['end', { usage, finishReason: 'length' }]]);
    const awaited = watched({ textStream: words(), usage: Promise.resolve(usage) });
    expect(await awaited.result.usage).to.equal(usage);
    await nextTurn();
    expect(awaited.events).to.deep.equal([['end', { usage }]]);
  });

  describe('with getters, such as the result of an agent of Mastra', () => {
    const usage = { inputTokens: 9, outputTokens: 2 };

    it('calls no getter before the application does', () => {
      const { result, isWatched } = watched(new Lazy());
      expect([isWatched, result.opened]).to.deep.equal([true, 0]);
    });

    for (const name of ['textStream', 'fullStream'] as const) {
      it(`is observed through \`${name}\``, async () => {
        const { result, events } = watched(new Lazy());
        expect(await drain(result[name])).to.deep.equal(['Fo', 'ur']);
        expect(result.opened).to.equal(1);
        await nextTurn();
        expect(events).to.deep.equal([...ended.slice(0, 2), ['end', { usage }]]);
      });
    }

    it('is observed through a Proxy', async () => {
      const proxy = new Proxy(new Lazy(), { get: (target, name) => Reflect.get(target, name, target) });
      const { result, events } = watched(proxy);
      const { textStream } = result;
      await drain(textStream);
      await nextTurn();
      expect(events).to.deep.equal([...ended.slice(0, 2), ['end', { usage }]]);
    });

    it('ends with a promise if no stream is read', async () => {
      const { result, events } = watched(new Lazy());
      expect(await result.text).to.equal('Four');
      await nextTurn();
      expect(events).to.deep.equal([['end', { usage }]]);
      const failing = watched(new Lazy(new RangeError('no')));
      await result.text;
      expect(await failing.result.text.catch((error: unknown) => error)).to.be.instanceOf(RangeError);
      await nextTurn();
      expect(failing.events.map(([name]) => name)).to.deep.equal(['fail']);
    });

    it('ends with the stream if both are read', async () => {
      const { result, events } = watched(new Lazy());
      const stream = result.textStream;
      await stream.next();
      await result.text;
      await nextTurn();
      expect(events).to.deep.equal(ended.slice(0, 1));
      await stream.return(undefined);
      expect(events).to.deep.equal([...ended.slice(0, 1), ['leave']]);
    });
  });

  describe('with the base stream of the AI SDK', () => {
    it('has the parts of the stream as chunks', async () => {
      const parts = [{ part: { type: 'text' }, partialOutput: 'F' }, { type: 'finish' }, { part: null }, 'text'];
      const { result, events, isWatched } = watched({ baseStream: ReadableStream.from(parts), stream: words() });
      expect(isWatched).to.equal(true);
      expect(await drain(result.baseStream as unknown as AsyncIterable<unknown>)).to.deep.equal(parts);
      const chunks = [{ type: 'text' }, { type: 'finish' }, { part: null }, 'text'].map((value) => ['chunk', value]);
      expect(events).to.deep.equal([...chunks, ['end']]);
    });

    it('fails when the base stream fails, and is cancelled when the base stream is cancelled', async () => {
      const failure = new RangeError('no');
      const failing = watched({ baseStream: new ReadableStream({ pull: (controller) => controller.error(failure) }) });
      await drain(failing.result.baseStream as unknown as AsyncIterable<unknown>).catch(() => {});
      expect(failing.events).to.deep.equal([['fail', failure]]);
      const left = watched({ baseStream: new ReadableStream() });
      await left.result.baseStream.cancel();
      expect(left.events).to.deep.equal([['leave']]);
    });

    it('is observed through its stream if the base stream is not a web stream', async () => {
      const { result, events } = watched({ baseStream: words(), stream: words() });
      await drain(result.baseStream);
      expect(events).to.deep.equal([]);
      await drain(result.stream);
      expect(events).to.deep.equal(ended);
    });
  });
});
