import { expect } from 'chai';
import { watchCompletion, watchPromise } from '../../../lib/core/recording/watch-completion.js';
import { recordingListener } from '../../support/recording-listener.js';

const caught = (promise: Promise<unknown>) => promise.then(() => 'no error').catch((error: unknown) => error);

describe('the promise of a whole response', () => {
  const watched = <Stream extends object>(stream: Stream) => {
    const { listener, events } = recordingListener();
    watchCompletion(stream, listener);
    return { stream, events };
  };

  const names = ['done', 'finished', 'complete', 'completed', 'completion', 'result', 'finalMessage', 'finalT'];
  for (const name of names) {
    it(`is observed in the method ${name} and the property ${name}`, async () => {
      const method = watched({ [name]: () => Promise.resolve('Four') });
      expect(await (method.stream[name] as () => unknown)()).to.equal('Four');
      expect(method.events).to.deep.equal([['end', 'Four']]);
      const property = watched({ [name]: Promise.resolve('Four') });
      expect(await property.stream[name]).to.equal('Four');
      expect(property.events).to.deep.equal([['end', 'Four']]);
    });
  }

  for (const name of ['undone', 'doneWith', 'final', 'finally', 'finalize', 'results', 'xfinalMessage', 'finalA-b']) {
    it(`is not observed in the method ${name}`, async () => {
      const method = () => Promise.resolve('Four');
      const { stream, events } = watched({ [name]: method });
      expect(stream[name]).to.equal(method);
      expect(await (stream[name] as () => unknown)()).to.equal('Four');
      expect(events).to.deep.equal([]);
    });
  }

  it('is also observed in inherited methods, which keep `this` and the arguments', async () => {
    class Base {
      readonly text = 'Four';
      async finalMessage(mark: string): Promise<string> {
        return this.text + mark;
      }
      async other(): Promise<string> {
        return 'other';
      }
    }
    class Stream extends Base {}
    for (let round = 0; round < 2; round++) {
      const { stream, events } = watched(new Stream());
      expect(Object.keys(stream)).to.deep.equal(['text']);
      expect(await stream.finalMessage('.')).to.equal('Four.');
      expect(await stream.other()).to.equal('other');
      expect(events).to.deep.equal([['end', 'Four.']]);
    }
    expect(Reflect.ownKeys(Stream.prototype)).to.deep.equal(['constructor']);
  });

  it('fails with the same error', async () => {
    const failure = new RangeError('no');
    const method = watched({ done: () => Promise.reject(failure) });
    expect(await caught(method.stream.done())).to.equal(failure);
    expect(method.events).to.deep.equal([['fail', failure]]);
    const property = watched({ done: Promise.reject(failure) });
    expect(await caught(property.stream.done)).to.equal(failure);
    expect(property.events).to.deep.equal([['fail', failure]]);
  });

  it('is not expected from a method that returns its value synchronously', () => {
    const { stream, events } = watched({ done: () => true, finished: 'no', result: undefined });
    expect(stream.done()).to.equal(true);
    expect(stream).to.include({ finished: 'no', result: undefined });
    expect(events).to.deep.equal([]);
  });

  it('behind a getter, which may start work, is observed when the application reads it', async () => {
    let reads = 0;
    class Stream {
      get result(): unknown {
        reads++;
        return Promise.resolve('Four');
      }
    }
    const own = {
      get done(): unknown {
        reads++;
        return () => 'Four';
      },
    };
    const inherited = watched(new Stream());
    const direct = watched(own);
    expect(reads).to.equal(0);
    expect(await inherited.stream.result).to.equal('Four');
    expect((direct.stream.done as () => string)()).to.equal('Four');
    expect([reads, inherited.events, direct.events]).to.deep.equal([2, [['end', 'Four']], []]);
  });

  it('is ignored in properties that are not configurable, and their getters are not called', async () => {
    let reads = 0;
    const get = () => {
      reads++;
      return async () => 'Four';
    };
    const stream = { done: Promise.resolve('Four') };
    Object.defineProperty(stream, 'result', { enumerable: true, get });
    Object.defineProperty(stream, 'completion', { enumerable: true, value: async () => 'Four' });
    Object.defineProperty(stream, 'finished', { enumerable: true, value: Promise.resolve('Four') });
    const { events } = watched(stream);
    expect(reads).to.equal(0);
    expect(await (stream as unknown as { completion(): unknown }).completion()).to.equal('Four');
    expect(events).to.deep.equal([]);
    expect(await stream.done).to.equal('Four');
    expect(events).to.deep.equal([['end', 'Four']]);
  });

  it('is found on objects without a prototype, and not on Object.prototype', async () => {
    const { stream, events } = watched(Object.assign(Object.create(null), { done: async () => 'Four' }));
    expect(await stream.done()).to.equal('Four');
    expect(events).to.deep.equal([['end', 'Four']]);
    const derived = watched(Object.create(Object.create(null, { done: { value: async () => 'Four' } })));
    expect(await derived.stream.done()).to.equal('Four');
    expect(derived.events).to.deep.equal([['end', 'Four']]);
  });

  it('in a property is observed once, from the first read of the property on', async () => {
    const { listener, events } = recordingListener();
    const owner: { response?: unknown } = {};
    const failure = new RangeError('no');
    const promise = Promise.reject(failure);
    promise.catch(() => {});
    watchPromise(owner, 'response', promise, listener);
    await new Promise((resolve) => setImmediate(resolve));
    expect(events).to.deep.equal([]);
    expect(Object.getOwnPropertyDescriptor(owner, 'response')).to.include({ configurable: true, enumerable: true });
    const { response } = owner;
    expect(owner.response).to.equal(response);
    expect(await caught(response as Promise<unknown>)).to.equal(failure);
    expect(events).to.deep.equal([['fail', failure]]);
  });
});
