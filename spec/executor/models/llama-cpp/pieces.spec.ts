import { expect } from 'chai';
import { piecesOf } from '../../../../lib/executor/models/llama-cpp/pieces.js';

describe('piecesOf', () => {
  it('gives what is told, in order, and then the error', async () => {
    const read: number[] = [];
    const broken = new Error('broken');
    const pieces = piecesOf<number>(async (tell) => {
      tell(1);
      tell(2);
      await Promise.resolve();
      tell(3);
      throw broken;
    }, []);
    const thrown: unknown = await (async () => {
      for await (const piece of pieces) read.push(piece);
    })().catch((error: unknown) => error);
    expect(read).to.deep.equal([1, 2, 3]);
    expect(thrown).to.equal(broken);
  });

  it('ends at once when a signal is aborted, also when the work does not', async () => {
    const signals = [new AbortController(), new AbortController()] as const;
    let stop: AbortSignal | undefined;
    const pieces = piecesOf<number>(
      (tell, signal) => {
        stop = signal;
        tell(1);
        return new Promise(() => undefined);
      },
      signals.map(({ signal }) => signal),
    );
    expect((await pieces.next()).value).to.equal(1);
    signals[1].abort(new Error('enough'));
    expect(await pieces.next().catch((error: unknown) => error)).to.equal(signals[1].signal.reason);
    expect(stop?.reason).to.equal(signals[1].signal.reason);
  });

  it('stops the work when the reader leaves, whatever that throws then', async () => {
    let stopped: Promise<unknown> | undefined;
    for await (const piece of piecesOf<number>((tell, stop) => {
      stopped = new Promise((_, reject) => stop.addEventListener('abort', () => reject(stop.reason)));
      tell(1);
      return stopped as Promise<void>;
    }, [])) {
      expect(piece).to.equal(1);
      break;
    }
    expect(await stopped?.catch((error: unknown) => error)).to.have.property('name', 'AbortError');
  });
});
