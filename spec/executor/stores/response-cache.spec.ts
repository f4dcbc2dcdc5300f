import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { StoreSettingsError } from '../../../lib/executor/errors/store-errors.js';
import { ResponseCache } from '../../../lib/executor/stores/response-cache.js';

describe('ResponseCache', () => {
  it('caches values in memory, and evicts the least recently used ones', async () => {
    const cache = new ResponseCache({ maxEntries: 2 });
    expect(cache.type).to.equal('memory');
    await cache.set('a', { text: 'one' });
    await cache.set('b', { text: 'two' });
    expect(await cache.get('a')).to.deep.equal({ text: 'one' });
    await cache.set('c', { text: 'three' });
    expect(await Promise.all(['a', 'b', 'c'].map((key) => cache.get(key)))).to.deep.equal([
      { text: 'one' },
      undefined,
      { text: 'three' },
    ]);
    await cache.close();
  });

  it('drops expired values, and does not cache large ones', async () => {
    const cache = new ResponseCache({ ttlSeconds: 0.05, maxEntrySize: 10 });
    await cache.set('a', 'short');
    await cache.set('b', 'much too long');
    expect([await cache.get('a'), await cache.get('b')]).to.deep.equal(['short', undefined]);
    await sleep(80);
    expect(await cache.get('a')).to.equal(undefined);
  });

  it('rejects invalid limits and stores', () => {
    const wrong = [{ maxEntries: 0 }, { maxEntries: 1.5 }, { maxEntrySize: 0 }, { ttlSeconds: 0 }, { ttlSeconds: NaN }];
    for (const options of wrong) {
      expect(() => new ResponseCache(options)).to.throw(StoreSettingsError, Object.keys(options)[0]);
    }
    expect(() => new ResponseCache({ store: 'disk' })).to.throw(StoreSettingsError, 'redis://HOST:PORT');
  });
});
