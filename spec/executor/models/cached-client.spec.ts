import { expect } from 'chai';
import fc from 'fast-check';
import { TrackRequest } from '../../../lib/core/decorators/track-request.js';
import { ModelUnavailableError } from '../../../lib/core/errors/model-errors.js';
import { CachedClient, digestOf } from '../../../lib/executor/models/cached-client.js';
import { EmbeddedClient } from '../../../lib/executor/models/embedded-client.js';
import { FallbackClient } from '../../../lib/executor/models/fallback-client.js';
import type {
  ModelChunk,
  ModelClient,
  ModelRequest,
  ModelResponse,
} from '../../../lib/executor/models/model-client.js';
import { ResponseCache } from '../../../lib/executor/stores/response-cache.js';
import { scraped } from '../../support/shared-scrape.js';
import { StubModel } from '../../support/stub-model.js';

function cached(client: ModelClient, cache = new ResponseCache(), scope?: string): CachedClient {
  return new CachedClient(client, { cache, ...(scope === undefined ? {} : { scope }) });
}

async function all(chunks: AsyncIterable<ModelChunk>): Promise<ModelChunk[]> {
  const read: ModelChunk[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return read;
}

/** Returns the number of cache hits and misses while the work ran. */
async function lookUps(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const read = async () => {
    const value = async (name: string, cache_type: string) => (await scraped(name, { cache_type })) ?? 0;
    return {
      memory: await value('tinyllm_cache_hits_total', 'memory'),
      singleflight: await value('tinyllm_cache_hits_total', 'singleflight'),
      missed: await value('tinyllm_cache_misses_total', 'memory'),
    };
  };
  const before = await read();
  await work();
  const after = await read();
  return {
    memory: after.memory - before.memory,
    singleflight: after.singleflight - before.singleflight,
    missed: after.missed - before.missed,
  };
}

const noTokens = { inputTokens: 0, outputTokens: 0 };

describe('CachedClient', () => {
  it('answers repeated requests from the cache without cost, whole or as a stream', async () => {
    const model = new StubModel(({ prompt }) => `re: ${prompt}`);
    const client = cached(model);
    expect([client.provider, client.model]).to.deep.equal(['stub', 'stub-1']);
    const counted = await lookUps(async () => {
      const first = await client.generate({ prompt: 'hello', graph: 'one' });
      expect(first).not.to.have.property('cached');
      const again = await client.generate({ prompt: 'hello', graph: 'other' });
      expect(again).to.deep.equal({ ...first, usage: noTokens, cached: 'memory' });
      const streamed = await all(client.stream({ prompt: 'hello' }));
      const chunk = { text: 're: hello', finishReason: 'stop', usage: noTokens, timings: {}, cached: 'memory' };
      expect(streamed).to.deep.equal([chunk]);
    });
    expect(counted).to.deep.equal({ memory: 2, singleflight: 0, missed: 1 });
    expect([model.requests.length, model.streamed.length]).to.deep.equal([1, 0]);
  });

  it('caches a streamed answer even if the reader stops at its last piece', async () => {
    const model = new StubModel(() => 'so it is');
    const client = cached(model);
    for await (const { finishReason } of client.stream({ prompt: 'is it?' })) if (finishReason !== undefined) break;
    expect(await client.generate({ prompt: 'is it?' })).to.include({ text: 'so it is', cached: 'memory' });
    expect(model.requests).to.have.length(0);
  });

  it('shares one call between concurrent identical requests, with the same pieces', async () => {
    const model = new StubModel(() => 'all of us');
    const client = cached(model);
    const request = { prompt: 'who?' };
    const counted = await lookUps(async () => {
      const [first, second, ...streams] = await Promise.all([
        client.generate(request),
        client.generate(request),
        all(client.stream({ prompt: 'who is it?' })),
        all(client.stream({ prompt: 'who is it?' })),
      ]);
      expect(second).to.deep.equal({ ...first, usage: noTokens, cached: 'singleflight' });
      const texts = ['all ', 'of ', 'us', ''];
      expect(streams.map((chunks) => chunks.map(({ text }) => text))).to.deep.equal([texts, texts]);
      expect(streams.map((chunks) => chunks.at(-1)?.usage)).to.deep.equal([
        { inputTokens: 7, outputTokens: 3 },
        noTokens,
      ]);
      expect(streams[1]?.at(-1)?.cached).to.equal('singleflight');
    });
    expect(counted).to.deep.equal({ memory: 0, singleflight: 2, missed: 2 });
    expect([model.requests.length, model.streamed.length]).to.deep.equal([1, 1]);
  });

  it('delegates embeddings and close to its client', async () => {
    expect(cached(new StubModel()).embed).to.equal(undefined);
    let closed = 0;
    const vectors = { vectors: [[1]], model: 'stub-1', usage: {}, timings: {} };
    const able = Object.assign(new StubModel(), { embed: async () => vectors, close: async () => void closed++ });
    const client = cached(able);
    expect(await client.embed?.({ texts: ['a'] })).to.equal(vectors);
    await client.close();
    expect(closed).to.equal(1);
  });

  it('uses separate keys for everything that influences an answer', async () => {
    const base: ModelRequest = { prompt: 'p' };
    const others: ModelRequest[] = [
      { prompt: 'q' },
      { prompt: 'p', system: '' },
      { prompt: 'p', maxTokens: 5 },
      { prompt: 'p', temperature: 0 },
      { prompt: 'p', format: 'json' },
      { prompt: 'p', history: [] },
      { prompt: 'p', history: [{ role: 'user', content: 'a' }] },
      { prompt: 'p', history: [{ role: 'assistant', content: 'a' }] },
    ];
    const keys = new Set<string>();
    class Watched extends ResponseCache {
      override async get(key: string): Promise<unknown> {
        keys.add(key);
        return super.get(key);
      }
    }
    const cache = new Watched();
    const client = cached(new StubModel(), cache);
    for (const request of [base, ...others]) await client.generate(request);
    await cached(new StubModel(), cache, 'http://elsewhere').generate(base);
    expect(keys.size).to.equal(others.length + 2);
    expect([...keys].join()).to.match(/^[0-9a-f,]+$/);
    await client.generate({ ...base, graph: 'another', signal: new AbortController().signal });
    expect(keys.size).to.equal(others.length + 2);
  });

  it('does not cache failures and truncated answers', async () => {
    let calls = 0;
    const failing = new StubModel(() => (calls++ === 0 ? new RangeError('no memory') : 'now'));
    const client = cached(failing);
    const ends = await Promise.allSettled([client.generate({ prompt: 'a' }), client.generate({ prompt: 'a' })]);
    expect(ends.map((end) => end.status === 'rejected' && end.reason.message)).to.deep.equal(
      Array(2).fill('no memory'),
    );
    expect(await client.generate({ prompt: 'a' })).to.include({ text: 'now' });

    const cut = new (class extends StubModel {
      override async generate(request: ModelRequest): Promise<ModelResponse> {
        return { ...(await super.generate(request)), finishReason: 'length' };
      }
      override async *stream(request: ModelRequest): AsyncGenerator<ModelChunk> {
        for await (const chunk of super.stream(request)) {
          yield chunk.finishReason === undefined ? chunk : { ...chunk, finishReason: 'length' };
        }
      }
    })();
    const cutClient = cached(cut);
    for (let time = 0; time < 2; time++) {
      expect(await cutClient.generate({ prompt: 'a' })).not.to.have.property('cached');
      expect((await all(cutClient.stream({ prompt: 'a' }))).at(-1)).not.to.have.property('cached');
    }
    expect([cut.requests.length, cut.streamed.length]).to.deep.equal([2, 2]);
  });

  it('ignores cached values that are not answers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (junk) => {
        const cache = new ResponseCache();
        cache.get = async () => junk;
        expect((await cached(new StubModel(() => 'real'), cache).generate({ prompt: 'a' })).text).to.equal('real');
      }),
      { numRuns: 30 },
    );
  });

  it('does not cache answers of fallbacks, whole or as a stream', async () => {
    let isDown = true;
    const first = new StubModel(() => (isDown ? new ModelUnavailableError('gone', { provider: 'stub' }) : 'mine'));
    const client = cached(new FallbackClient(first, [new EmbeddedClient()]));
    const whose = ({ text, model, provider, cached }: ModelChunk) => ({ text, model, provider, cached });
    const embedded = { text: '4', model: 'embedded', provider: 'embedded', cached: undefined };
    for (const _ of [1, 2]) {
      expect((await all(client.stream({ prompt: '2+2' }))).map(whose)).to.deep.equal([embedded]);
      expect(whose(await client.generate({ prompt: '2+2' }))).to.deep.equal(embedded);
    }
    isDown = false;
    expect((await client.generate({ prompt: '2+2' })).text).to.equal('mine');
    expect(await client.generate({ prompt: '2+2' })).to.include({ text: 'mine', cached: 'memory' });
  });

  it('ignores answers of fallbacks that an earlier version cached', async () => {
    const cache = new ResponseCache();
    cache.get = async () => ({ text: '4', model: 'embedded', provider: 'embedded' });
    expect((await cached(new StubModel(() => 'mine'), cache).generate({ prompt: '2+2' })).text).to.equal('mine');
  });

  it('continues when one caller leaves, and aborts the request when the last one leaves', async () => {
    const tracked = new TrackedModel();
    const client = cached(tracked);
    const [one, other] = [new AbortController(), new AbortController()];
    const ends = [one, other].map(({ signal }) =>
      client.generate({ prompt: 'a', signal }).catch((error: Error) => error.name),
    );
    await tracked.called;
    one.abort();
    expect(await ends[0]).to.equal('AbortError');
    expect(tracked.signal?.aborted).to.equal(false);
    other.abort(new DOMException('too slow', 'TimeoutError'));
    expect(await ends[1]).to.equal('TimeoutError');
    const labels = { model: 'tracked', graph: 'default' };
    expect(await scraped('tinyllm_active_requests', labels)).to.equal(0);
    expect(await scraped('tinyllm_errors_total', { ...labels, error_type: 'timeout' })).to.equal(1);
    expect(await scraped('tinyllm_requests_total', { ...labels, request_type: 'generate' })).to.equal(1);
  });
});

/** Never answers. Rejects on abort. */
class TrackedModel extends StubModel {
  override readonly model = 'tracked' as 'stub-1';
  signal: AbortSignal | undefined;
  #onCall: () => void = () => undefined;
  readonly called = new Promise<void>((resolve) => {
    this.#onCall = resolve;
  });

  @TrackRequest({ model: 'tracked' })
  override async generate({ signal }: ModelRequest): Promise<ModelResponse> {
    this.signal = signal;
    this.#onCall();
    return new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  }
}

describe('digestOf', () => {
  it('is the same for equal values, regardless of the order of their keys', () => {
    expect(digestOf({ a: 1, b: [{ c: 2, d: 3 }], e: undefined })).to.equal(digestOf({ b: [{ d: 3, c: 2 }], a: 1 }));
  });

  it('differs for different values, and does not contain them', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const digest = digestOf(one);
        expect(digest).to.match(/^[0-9a-f]{64}$/);
        const same = sorted(one) === sorted(other);
        expect(digest === digestOf(other)).to.equal(same);
      }),
    );
    expect(digestOf({ a: 1 })).not.to.equal(digestOf([['a', 1]]));
  });
});

/** Compares values by another method: all paths to a leaf, sorted. */
function sorted(value: unknown): string {
  const leaves: string[] = [];
  const walk = (part: unknown, path: readonly string[]): void => {
    const inner = typeof part === 'object' && part !== null ? Object.entries(part) : [];
    if (typeof part === 'object' && part !== null)
      leaves.push(JSON.stringify([path, Array.isArray(part) ? '[]' : '{}']));
    else leaves.push(JSON.stringify([path, part]));
    for (const [key, one] of inner) walk(one, [...path, key]);
  };
  walk(value, []);
  return leaves.sort().join('\n');
}
