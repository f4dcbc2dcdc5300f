import { expect } from 'chai';
import { GetterReads } from '../../../lib/core/recording/getter-reads.js';

class Result {
  made = 0;
  get fresh(): object {
    this.made++;
    return { number: this.made };
  }
  set fresh(value: { number: number }) {
    this.made = value.number;
  }
}

/** Records the reads of `read`. The recording ends with the value that `read` returned. */
function readFirst<Owner extends object>(owner: Owner, read: (owner: Owner) => unknown): unknown {
  const reads = new GetterReads();
  reads.start(owner);
  const value = read(owner);
  reads.stop(value);
  return value;
}

describe('GetterReads', () => {
  it('lets the next read return the recorded value, and calls the getter at later reads', () => {
    const owner = new Result();
    const first = readFirst(owner, ({ fresh }) => fresh);
    expect(owner.fresh).to.equal(first);
    expect(owner.fresh).to.deep.equal({ number: 2 });
    expect(Object.keys(owner)).to.deep.equal(['made']);
  });

  it('keeps the value once, however often it was read', () => {
    const stream = {};
    const owner = {
      get own(): object {
        return stream;
      },
    };
    const before = Object.getOwnPropertyDescriptors(owner);
    readFirst(owner, (result) => result.own && result.own);
    expect(owner.own).to.equal(stream);
    expect(Object.getOwnPropertyDescriptors(owner)).to.deep.equal(before);
  });

  it('restores getters that were not read, or that returned another value', () => {
    const owner = new Result();
    readFirst(owner, ({ fresh }) => ({ fresh }));
    expect(Reflect.ownKeys(owner)).to.deep.equal(['made']);
    readFirst(owner, () => undefined);
    expect(Reflect.ownKeys(owner)).to.deep.equal(['made']);
  });

  it('lets the application assign the property', () => {
    const owner = new Result();
    readFirst(owner, ({ fresh }) => fresh);
    owner.fresh = { number: 7 };
    expect([owner.made, owner.fresh]).to.deep.equal([7, { number: 8 }]);
    const plain = {
      get own(): object {
        return owner;
      },
    };
    readFirst(plain, (result) => result.own);
    expect(() => {
      (plain as { own: unknown }).own = 1;
    }).to.throw(TypeError);
  });

  it('does not change a frozen object, or one that is frozen during the recording', () => {
    const frozen = Object.freeze(new Result());
    expect(() => readFirst(frozen, (result) => result.made)).not.to.throw();
    const owner = new Result();
    expect(readFirst(owner, (result) => Object.freeze(result))).to.equal(owner);
  });

  it('accepts a Proxy that fails', () => {
    const proxy = new Proxy(new Result(), {
      ownKeys: () => {
        throw new Error('hands off');
      },
    });
    expect(readFirst(proxy, ({ made }) => made)).to.equal(0);
  });
});
