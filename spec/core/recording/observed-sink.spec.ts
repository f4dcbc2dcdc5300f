import type { QueuingStrategy, UnderlyingSink } from 'node:stream/web';
import { expect } from 'chai';
import { observedSink } from '../../../lib/core/recording/observed-sink.js';

describe('observedSink', () => {
  const setUp = (underlying: UnderlyingSink = {}, strategy?: QueuingStrategy) => {
    const events: unknown[] = [];
    const destination = new WritableStream(
      {
        write: (chunk) => void events.push(['write', chunk]),
        close: () => void events.push(['close']),
        abort: (reason) => void events.push(['abort', reason]),
        ...underlying,
      },
      strategy,
    );
    const observed = observedSink(destination, (chunk) => events.push(['seen', chunk]));
    return { destination, events, observed };
  };

  it('reports each chunk before it reaches the destination, and the end', async () => {
    const { destination, events, observed } = setUp();
    expect(destination.locked).to.equal(true);
    await ReadableStream.from(['a', 'b']).pipeTo(observed?.sink as WritableStream);
    expect(events).to.deep.equal([['seen', 'a'], ['write', 'a'], ['seen', 'b'], ['write', 'b'], ['close']]);
    await observed?.release();
    expect(destination.locked).to.equal(false);
  });

  it('passes on an abort', async () => {
    const { events, observed } = setUp();
    await observed?.sink.abort('enough');
    expect(events).to.deep.equal([['abort', 'enough']]);
  });

  it('fails with the destination, and unlocks it', async () => {
    const failure = new RangeError('no');
    const write = () => {
      throw failure;
    };
    const { destination, observed } = setUp({ write });
    const pipe = ReadableStream.from(['a', 'b', 'c']).pipeTo(observed?.sink as WritableStream);
    expect(await pipe.catch((error: unknown) => error)).to.equal(failure);
    await observed?.release();
    expect(destination.locked).to.equal(false);
  });

  it('fails when the destination fails between two chunks', async () => {
    const failure = new RangeError('no');
    let fail = (_error: unknown): void => {};
    const { observed } = setUp({
      start: (controller) => {
        fail = (error) => controller.error(error);
      },
    });
    const writer = observed?.sink.getWriter();
    await writer?.write('a');
    fail(failure);
    expect(await writer?.closed.catch((error: unknown) => error)).to.equal(failure);
  });

  it('waits while the destination is full', async () => {
    let proceed = (): void => {};
    const written: unknown[] = [];
    const { events, observed } = setUp({
      write: (chunk) => {
        written.push(chunk);
        return new Promise<void>((resolve) => {
          proceed = resolve;
        });
      },
    });
    const writer = observed?.sink.getWriter();
    const writes = ['a', 'b', 'c'].map((chunk) => writer?.write(chunk));
    const pause = () => new Promise((resolve) => setImmediate(resolve));
    await pause();
    expect([written, events]).to.deep.equal([['a'], [['seen', 'a']]]);
    proceed();
    await pause();
    expect([written, events.length]).to.deep.equal([['a', 'b'], 2]);
    for (let round = 0; round < 2; round++) {
      proceed();
      await pause();
    }
    await Promise.all(writes);
    expect(written).to.deep.equal(['a', 'b', 'c']);
  });

  it('reports a failed write to the waiting pipe, and unlocks the destination', async () => {
    const failure = new RangeError('disk full');
    const { destination, observed } = setUp({ write: () => Promise.reject(failure) });
    expect(
      await observed?.sink
        .getWriter()
        .write('a')
        .catch((error: unknown) => error),
    ).to.equal(failure);
    observed?.release();
    expect(destination.locked).to.equal(false);
  });

  it('does not observe a destination that has failed, is closed, or whose queue is exactly full', async () => {
    const failed = setUp({ start: (controller) => controller.error(new RangeError('no')) });
    const full = setUp({}, new CountQueuingStrategy({ highWaterMark: 0 }));
    const closed = new WritableStream();
    await closed.close();
    for (const [destination, observed] of [
      [failed.destination, failed.observed],
      [full.destination, full.observed],
      [closed, observedSink(closed, () => {})],
    ] as const) {
      expect([observed, destination.locked]).to.deep.equal([undefined, false]);
    }
  });
});
