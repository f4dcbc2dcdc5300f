import { expect } from 'chai';
import { piecesOf } from '../../../../lib/executor/models/llama-cpp/pieces.js';

describe('piecesOf', () => {
  it('yields all pieces in order, and then throws the error', async () => {
    const read: number[] = [];
    const broken = new Error('broken');
    const pieces = piecesOf<number>(async (onPiece) => {
      onPiece(1);
      onPiece(2);
      await Promise.resolve();
      onPiece(3);
      throw broken;
    }, []);
    const thrown: unknown = await (async () => {
      for await (const piece of pieces) read.push(piece);
    })().catch((error: unknown) => error);
    expect(read).to.deep.equal([1, 2, 3]);
    expect(thrown).to.equal(broken);
  });

  it('ends immediately when a signal aborts, even if the work does not', async () => {
    const signals = [new AbortController(), new AbortController()] as const;
    let stop: AbortSignal | undefined;
    const pieces = piecesOf<number>(
      (onPiece, signal) => {
        stop = signal;
        onPiece(1);
        return new Promise(() => undefined);
      },
      signals.map(({ signal }) => signal),
    );
    expect((await pieces.next()).value).to.equal(1);
    signals[1].abort(new Error('enough'));
    expect(await pieces.next().catch((error: unknown) => error)).to.equal(signals[1].signal.reason);
    expect(stop?.reason).to.equal(signals[1].signal.reason);
  });

  it('stops the work when the reader leaves, and ignores its error', async () => {
    let stopped: Promise<unknown> | undefined;
    for await (const piece of piecesOf<number>((onPiece, stop) => {
      stopped = new Promise((_, reject) => stop.addEventListener('abort', () => reject(stop.reason)));
      onPiece(1);
      return stopped as Promise<void>;
    }, [])) {
      expect(piece).to.equal(1);
      break;
    }
    expect(await stopped?.catch((error: unknown) => error)).to.have.property('name', 'AbortError');
  });
});
