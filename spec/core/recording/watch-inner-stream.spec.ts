import { expect } from 'chai';
import { isStreamLike, watchInnerStream } from '../../../lib/core/recording/watch-inner-stream.js';
import { recordingListener } from '../../support/recording-listener.js';

async function* words(): AsyncGenerator<string> {
  yield* ['Fo', 'ur'];
}

async function drain(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

describe('a result that contains its stream', () => {
  const watched = <Result extends object>(result: Result) => {
    const { listener, events } = recordingListener();
    return { result, events, isWatched: watchInnerStream(result, listener) };
  };
  const ended = [['chunk', 'Fo'], ['chunk', 'ur'], ['end']];

  it('isStreamLike recognizes values that can be iterated asynchronously', () => {
    const streams = [words(), ReadableStream.from(['a']), { [Symbol.asyncIterator]: words }];
    expect(streams.filter((value) => !isStreamLike(value))).to.deep.equal([]);
    expect([null, undefined, 'text', [], {}, words].filter(isStreamLike)).to.deep.equal([]);
  });

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
