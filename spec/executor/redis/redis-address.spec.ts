import { expect } from 'chai';
import { StoreSettingsError } from '../../../lib/executor/errors/store-errors.js';
import { redisAddress } from '../../../lib/executor/redis/redis-address.js';

describe('redisAddress', () => {
  it('accepts addresses of a Redis server, and shows them without a password', () => {
    for (const [text, shown] of [
      ['redis://localhost:6379', 'redis://localhost:6379'],
      ['redis://user:secret@cache.example/2', 'redis://cache.example/2'],
      ['rediss://:secret@[::1]:7000/', 'rediss://[::1]:7000'],
    ] as const) {
      expect(redisAddress(text)).to.deep.equal({ url: text, shown });
    }
  });

  it('rejects other addresses without showing a password', () => {
    for (const text of ['', 'memory', 'localhost:6379', 'http://:secret@x', 'redis://', 'redis://:sec%ret@x']) {
      expect(() => redisAddress(text), text)
        .to.throw(StoreSettingsError, 'expected redis://HOST:PORT')
        .with.property('message')
        .that.does.not.contain('secret');
    }
    expect(() => redisAddress('redis://:secret@x/first'))
      .to.throw(StoreSettingsError, 'the database is "first"; expected a number')
      .with.property('message')
      .that.does.not.contain('secret');
  });
});
