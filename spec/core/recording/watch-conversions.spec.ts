import { Readable } from 'node:stream';
import { expect } from 'chai';
import { watchConversions } from '../../../lib/core/recording/watch-conversions.js';
import { watchIterable } from '../../../lib/core/recording/watch-iterator.js';
import { recordingListener } from '../../support/recording-listener.js';

/** Like the result of a streamed run of `@openai/agents`: its conversions don't use its iteration method. */
class Run {
  #chunks = ['Fo', 'ur'];
  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    yield* this.#chunks;
  }
  toStream(): ReadableStream<string> {
    return ReadableStream.from(this.#chunks) as ReadableStream<string>;
  }
  toTextStream(): Readable {
    return Readable.from(this.#chunks);
  }
  toReadableStream(): ReadableStream<string> {
    return ReadableStream.from(this) as ReadableStream<string>;
  }
}

const ended = [['chunk', 'Fo'], ['chunk', 'ur'], ['end']];

async function drain(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

describe('a stream that converts itself', () => {
  const watched = <Stream extends AsyncIterable<unknown>>(stream: Stream) => {
    const { listener, events } = recordingListener();
    watchIterable(stream, watchConversions(stream, listener));
    return { stream, events };
  };

  for (const name of ['toStream', 'toTextStream', 'toReadableStream'] as const) {
    it(`is observed through \`${name}()\`, with each chunk once`, async () => {
      const { stream, events } = watched(new Run());
      expect(await drain(stream[name]() as AsyncIterable<unknown>)).to.deep.equal(['Fo', 'ur']);
      // A Node stream reports its end in several ways. The first one counts.
      expect(events.slice(0, ended.length)).to.deep.equal(ended);
    });
  }

  it('is observed through its iteration', async () => {
    const { stream, events } = watched(new Run());
    expect(await drain(stream)).to.deep.equal(['Fo', 'ur']);
    expect(events).to.deep.equal(ended);
  });

  it('is observed through its iteration if a conversion cannot be overridden', async () => {
    const convert = () => ReadableStream.from(['other']);
    const { stream, events } = watched(Object.defineProperty(new Run(), 'toStream', { value: convert }));
    expect(stream.toStream).to.equal(convert);
    await drain(stream);
    expect(events).to.deep.equal(ended);
  });

  it('is cancelled when all converted streams are cancelled', async () => {
    const { stream, events } = watched(new Run());
    const [first, second] = [stream.toStream(), stream.toStream()];
    await first.cancel();
    expect(events).to.deep.equal([]);
    await second.cancel();
    expect(events).to.deep.equal([['leave']]);
  });

  it('may return a frozen stream, itself or another value', () => {
    const frozen = Object.freeze(ReadableStream.from(['Fo']));
    const iterate = new Run()[Symbol.asyncIterator];
    for (const value of [frozen, 'text', undefined]) {
      const { stream } = watched({ [Symbol.asyncIterator]: iterate, toStream: () => value });
      expect(stream.toStream()).to.equal(value);
    }
    const own = { [Symbol.asyncIterator]: iterate, toStream: (): unknown => own };
    expect(watched(own).stream.toStream()).to.equal(own);
  });

  it('has no listener of its own without such methods', () => {
    const { listener } = recordingListener();
    expect(watchConversions({}, listener)).to.equal(listener);
  });
});
