// Caches answers: a repeated question needs no model call, and concurrent identical questions share one call.
import { CachedClient, ResponseCache, selectModelClient } from '@tinyllm/executor';
import { registry } from 'tinyllm';

// This cache is in memory. To share a cache between processes, use `store: 'redis://127.0.0.1:6379'`.
const cache = new ResponseCache({ store: 'memory', maxEntries: 1000, ttlSeconds: 600 });
const client = new CachedClient(await selectModelClient({ provider: 'embedded' }), { cache });

const ask = (prompt: string) => client.generate({ prompt, graph: 'sums' });

const together = await Promise.all([ask('12 * 12'), ask('12 * 12'), ask('12 * 12')]);
const later = await ask('12 * 12');
for (const { text, cached = 'no' } of [...together, later]) console.log(`${text}, cached: ${cached}`);

for (const line of (await registry.metrics()).split('\n')) {
  if (/^tinyllm_(requests|cache_\w+)_total\{/.test(line)) console.log(line);
}
await cache.close();
