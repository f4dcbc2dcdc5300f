import { Readable } from 'node:stream';
import { expect } from 'chai';
import { isStreamLike, watchPlainStream } from '../../../lib/core/recording/watch-plain-stream.js';
import { recordingListener } from '../../support/recording-listener.js';

async function* words(): AsyncGenerator<string> {
  yield* ['Fo', 'ur'];
}

describe('a plain stream', () => {
  it('is a value that can be iterated asynchronously', () => {
    const streams = [words(), ReadableStream.from(['a']), { [Symbol.asyncIterator]: words }];
    expect(streams.filter((value) => !isStreamLike(value))).to.deep.equal([]);
    expect([null, undefined, 'text', [], {}, words].filter(isStreamLike)).to.deep.equal([]);
  });

  it('is followed to its end, unless it has ended', async () => {
    for (const stream of [words(), { [Symbol.asyncIterator]: words }, ReadableStream.from(['Fo', 'ur'])]) {
      const { listener, events } = recordingListener();
      expect(watchPlainStream(stream, listener)).to.equal(true);
      for await (const _chunk of stream as AsyncIterable<unknown>);
      expect(events).to.deep.equal([['chunk', 'Fo'], ['chunk', 'ur'], ['end']]);
    }
    expect(watchPlainStream(Readable.from([]).destroy(), recordingListener().listener)).to.equal(false);
  });
});
