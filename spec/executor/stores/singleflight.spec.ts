import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { Singleflight } from '../../../lib/executor/stores/singleflight.js';

async function only<Piece>(pieces: AsyncIterable<Piece>): Promise<Piece | undefined> {
  let last: Piece | undefined;
  for await (const piece of pieces) last = piece;
  return last;
}

describe('Singleflight', () => {
  it('runs the work of a key once for concurrent calls, and again for later calls', async () => {
    const flights = new Singleflight<number>();
    let worked = 0;
    let joined = 0;
    const ask = (key: string) =>
      only(
        flights.run(key, {
          work: async function* () {
            await nextTurn();
            yield ++worked;
          },
          onJoin: () => joined++,
        }),
      );
    expect(await Promise.all([ask('a'), ask('a'), ask('b'), ask('a')])).to.deep.equal([1, 1, 2, 1]);
    expect(joined).to.equal(2);
    expect(await ask('a')).to.equal(3);
  });

  it('shares an error, but does not cache it', async () => {
    const flights = new Singleflight<number>();
    let worked = 0;
    const ask = () =>
      only(
        flights.run('a', {
          work: async function* () {
            await nextTurn();
            if (worked++ === 0) throw new Error('the first fails');
            yield worked;
          },
        }),
      ).catch((error: Error) => error.message);
    expect(await Promise.all([ask(), ask()])).to.deep.equal(['the first fails', 'the first fails']);
    expect(await ask()).to.equal(2);
  });

  it('starts new work for a caller that arrives after all others have left', async () => {
    const flights = new Singleflight<number>();
    const abort = new AbortController();
    let worked = 0;
    const work = async function* (signal: AbortSignal) {
      worked++;
      await nextTurn();
      signal.throwIfAborted();
      yield worked;
    };
    const left = only(flights.run('a', { work, signal: abort.signal })).catch((error: unknown) => error);
    abort.abort();
    expect(await left).to.have.property('name', 'AbortError');
    expect(await only(flights.run('a', { work }))).to.equal(2);
  });

  it('does not start work if the signal is already aborted', async () => {
    let worked = 0;
    const work = async function* () {
      worked++;
      yield 1;
    };
    const problem = await only(
      new Singleflight<number>().run('a', { work, signal: AbortSignal.abort(new Error('no')) }),
    ).catch((error: unknown) => error);
    expect(problem).to.have.property('message', 'no');
    expect(worked).to.equal(0);
  });
});
