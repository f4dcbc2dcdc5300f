import { expect } from 'chai';
import { CommandArguments } from '../../../cli/command/command-arguments.js';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { readStoreFlags } from '../../../cli/flags/stores.js';

const read = (values: Readonly<Record<string, string>>) => readStoreFlags(new CommandArguments('run', values));

describe('the flags of stores', () => {
  it('are read', () => {
    const nothing = { session: undefined, store: undefined, cache: undefined, cacheTtlSeconds: undefined };
    expect(read({})).to.deep.equal(nothing);
    expect(read({ cache: 'off' })).to.deep.equal({ ...nothing, cache: 'off' });
    expect(read({ cache: 'memory', 'cache-ttl': '1.5' })).to.deep.equal({
      ...nothing,
      cache: 'memory',
      cacheTtlSeconds: 1.5,
    });
    const store = 'redis://:secret@127.0.0.1:6379/1';
    expect(read({ session: 'trip', store, cache: store })).to.deep.equal({
      ...nothing,
      session: 'trip',
      store,
      cache: store,
    });
  });

  it('are rejected if they have no effect or are invalid, without printing passwords', () => {
    for (const [values, says] of [
      [{ session: ' ' }, '--session got an empty value'],
      [{ session: 'a\nb' }, 'expected a short text'],
      [{ store: 'redis://127.0.0.1' }, 'add --session'],
      [{ session: 'a', store: 'disk' }, '--store got an invalid address; expected redis://HOST:PORT'],
      [{ cache: 'http://:secret@x' }, '--cache got an invalid address; expected memory, off or redis://HOST:PORT'],
      [{ cache: 'on' }, '--cache got an invalid address'],
      [{ 'cache-ttl': '5' }, 'add --cache'],
      [{ cache: 'memory', 'cache-ttl': '0' }, '--cache-ttl got 0'],
    ] as const) {
      expect(() => read(values))
        .to.throw(UsageError, says)
        .with.property('message')
        .that.does.not.include('secret');
    }
  });
});
