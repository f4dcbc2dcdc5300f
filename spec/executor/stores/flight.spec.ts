import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import { Flight } from '../../../lib/executor/stores/flight.js';
import { eventually } from '../../support/eventually.js';

/** Work that yields the pieces passed to `give`. */
function controlledWork() {
  const signals: AbortSignal[] = [];
  const waiting: ((piece: string | Error | undefined) => void)[] = [];
  let left = false;
  return {
    signals,
    hasLeft: () => left,
    /** Yields a piece, throws an error, or ends the work if the piece is undefined. */
    async give(piece: string | Error | undefined): Promise<void> {
      (await eventually(async () => waiting.shift()))(piece);
    },
    async *work(signal: AbortSignal): AsyncGenerator<string> {
      signals.push(signal);
      try {
        for (;;) {
          const piece = await new Promise<string | Error | undefined>((resolve, reject) => {
            waiting.push(resolve);
            signal.addEventListener('abort', () => reject(signal.reason));
          });
          if (piece === undefined) return;
          if (piece instanceof Error) throw piece;
          yield piece;
        }
      } finally {
        left = true;
      }
    },
  };
}

async function all(pieces: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = [];
  for await (const piece of pieces) read.push(piece);
  return read;
}

describe('Flight', () => {
  it('yields all pieces to every reader, even to late ones', async () => {
    const { work, give, signals } = controlledWork();
    let ends = 0;
    const flight = new Flight(work, () => ends++);
    const first = flight.read();
    const opening = first.next();
    await give('a');
    expect((await opening).value).to.equal('a');
    const second = all(flight.read());
    await give('b');
    await give(undefined);
    expect(await second).to.deep.equal(['a', 'b']);
    expect(await all(first)).to.deep.equal(['b']);
    expect(ends).to.equal(1);
    expect(signals[0]?.aborted).to.equal(false);
  });

  it('runs in the context of its first reader, whichever reader continues it or leaves last', async () => {
    const context = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const flight = context.run('first', () => {
      const work = async function* () {
        try {
          for (;;) {
            seen.push(context.getStore());
            yield 'piece';
          }
        } finally {
          seen.push(context.getStore());
        }
      };
      return new Flight(work, () => {});
    });
    const second = context.run('second', () => flight.read());
    await context.run('second', () => second.next());
    await context.run('third', () => second.next());
    await context.run('third', () => second.return());
    expect(seen).to.deep.equal(['first', 'first', 'first']);
  });

  it('continues when a reader leaves, and is aborted when the last one leaves', async () => {
    const { work, give, signals, hasLeft } = controlledWork();
    const flight = new Flight(work, () => undefined);
    const [one, other] = [new AbortController(), new AbortController()];
    const abandoned = all(flight.read(one.signal)).catch((error: unknown) => error);
    const kept = all(flight.read(other.signal)).catch((error: unknown) => error);
    await give('a');
    const reason = new Error('changed my mind');
    one.abort(reason);
    expect(await abandoned).to.equal(reason);
    expect(signals[0]?.aborted).to.equal(false);
    const timeout = new DOMException('too slow', 'TimeoutError');
    other.abort(timeout);
    expect(await kept).to.equal(timeout);
    expect(signals[0]?.reason).to.equal(timeout);
    expect(hasLeft()).to.equal(true);
  });

  it('is aborted when the last reader leaves its loop', async () => {
    const { work, give, signals, hasLeft } = controlledWork();
    const reading = (async () => {
      for await (const _piece of new Flight(work, () => undefined).read()) break;
    })();
    await give('a');
    await reading;
    expect(signals[0]?.reason).to.have.property('name', 'AbortError');
    expect(hasLeft()).to.equal(true);
  });

  it('does not wait for work that ignores the abort', async () => {
    const abort = new AbortController();
    const deaf = async function* (): AsyncGenerator<string> {
      await new Promise(() => undefined);
    };
    const reading = all(new Flight(deaf, () => undefined).read(abort.signal)).catch((error: unknown) => error);
    abort.abort(new Error('enough'));
    expect(await reading).to.have.property('message', 'enough');
  });

  it('throws its error to every reader, after the pieces before it', async () => {
    const { work, give } = controlledWork();
    const flight = new Flight(work, () => undefined);
    const failure = new RangeError('no memory');
    const seen: string[] = [];
    const reader = async (): Promise<unknown> => {
      try {
        for await (const piece of flight.read()) seen.push(piece);
      } catch (error) {
        return error;
      }
      return undefined;
    };
    const ends = [reader(), reader()];
    await give('a');
    await give(failure);
    expect(await Promise.all(ends)).to.deep.equal([failure, failure]);
    expect(await reader()).to.equal(failure);
    expect(seen).to.deep.equal(['a', 'a', 'a']);
  });
});
