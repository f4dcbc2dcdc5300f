import { expect } from 'chai';
import { getterNames, getterOf, watchGetter } from '../../../lib/core/recording/getters.js';

class Base {
  get inherited(): string {
    return 'base';
  }
  get hidden(): string {
    return 'base';
  }
}

class Derived extends Base {
  #reads = 0;
  stored = 'value';
  hidden2 = 1;
  get reads(): number {
    this.#reads++;
    return this.#reads;
  }
  set reads(value: number) {
    this.#reads = value;
  }
}
Object.defineProperty(Derived.prototype, 'hidden', { value: 'a value', configurable: true });

describe('getters', () => {
  it('are found on an object and its prototypes, but not on Object.prototype', () => {
    const owner = Object.defineProperty(new Derived(), 'own', { get: () => 1, configurable: true });
    expect([...getterNames(owner)]).to.have.members(['own', 'reads', 'inherited']);
    expect(getterOf(owner, 'inherited')).to.be.a('function');
    for (const name of ['stored', 'hidden', '__proto__', 'none']) expect(getterOf(owner, name)).to.equal(undefined);
  });

  it('are observed without a call before the application reads the property', () => {
    const owner = new Derived();
    const read: unknown[] = [];
    const restore = watchGetter(owner, 'reads', (value) => read.push(value));
    expect(read).to.deep.equal([]);
    expect([owner.reads, owner.reads]).to.deep.equal([1, 2]);
    expect(read).to.deep.equal([1, 2]);
    owner.reads = 7;
    expect(owner.reads).to.equal(8);
    expect(Object.keys(owner)).to.deep.equal(['stored', 'hidden2']);
    restore?.();
    expect(Object.hasOwn(owner, 'reads')).to.equal(false);
    expect([owner.reads, read.length]).to.deep.equal([9, 3]);
  });

  it('of an own property are restored, and stay enumerable', () => {
    const owner = {
      get own(): number {
        return 1;
      },
    };
    const before = Object.getOwnPropertyDescriptors(owner);
    const restore = watchGetter(owner, 'own', () => {});
    expect(Object.keys(owner)).to.deep.equal(['own']);
    expect(owner.own).to.equal(1);
    restore?.();
    expect(Object.getOwnPropertyDescriptors(owner)).to.deep.equal(before);
  });

  it('receive the receiver of the read, for example the target of a Proxy', () => {
    const proxy = new Proxy(new Derived(), { get: (target, name) => Reflect.get(target, name, target) });
    const read: unknown[] = [];
    watchGetter(proxy, 'reads', (value) => read.push(value));
    expect([proxy.reads, read]).to.deep.equal([1, [1]]);
  });

  it('that cannot be overridden, and properties without a getter, are not observed', () => {
    const fixed = Object.defineProperty({}, 'own', { get: () => 1 });
    expect(watchGetter(fixed, 'own', () => {})).to.equal(undefined);
    expect(watchGetter(new Derived(), 'stored', () => {})).to.equal(undefined);
    expect(watchGetter(new Derived(), 'none', () => {})).to.equal(undefined);
    expect(() => watchGetter(Object.freeze(new Derived()), 'reads', () => {})).to.throw(TypeError);
  });
});
