import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { getMetricsCollector, TrackNode, TrackRequest } from '../../../lib/core/index.js';
import { type CallContext, callContext } from '../../../lib/core/metrics/call-context.js';
import type { TrackRequestOptions } from '../../../lib/core/recording/call-options.js';
import { RequestSeries } from '../../../lib/core/recording/request-series.js';
import { watchResult } from '../../../lib/core/recording/watch-result.js';
import { eventually } from '../../support/eventually.js';
import { requestCounts } from '../../support/request-counts.js';
import { freshGraph, nodeCounts, scraped } from '../../support/shared-scrape.js';

const chunks = [
  { message: { content: 'Fo' }, done: false },
  { message: { content: 'ur.' }, done: true, done_reason: 'stop', prompt_eval_count: 9, eval_count: 2 },
];
const open = { 'active m': 1, 'timed m': 0 };
const answered = { 'active m': 0, 'timed m': 1, 'finished m stop': 1, 'input m': 9, 'output m': 2, 'first m': 1 };
/** The counts of a call whose result is not followed. */
const settled = { 'active m': 0, 'timed m': 1, 'finished m stop': 1 };
const cancelled = { 'active m': 0, 'timed m': 1, 'finished m cancelled': 1 };

async function* generate(): AsyncGenerator<object> {
  yield* chunks;
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _chunk of stream);
}

const errors = async () => (await scraped('tinyllm_instrumentation_errors_total', { site: 'stream' })) ?? 0;

/** Calls a decorated method with these arguments. The method returns what `call` returns. */
function track<Result>(call: () => Result, options: TrackRequestOptions = {}) {
  const graph = freshGraph();
  class Client {
    @TrackRequest({ stream: (result) => result.inner, ...options, model: 'm', graph })
    ask(..._args: unknown[]): Result {
      return call();
    }
  }
  return { ask: (...args: unknown[]) => new Client().ask(...args), counts: () => requestCounts(graph) };
}

describe('the option `stream`', () => {
  describe('follows', () => {
    const body = () => chunks.map((chunk) => JSON.stringify(chunk)).join('\n');
    const streams: readonly (readonly [name: string, open: () => object, read: (stream: never) => unknown])[] = [
      ['an async generator', generate, drain],
      ['an async iterable', () => ({ [Symbol.asyncIterator]: generate }), drain],
      ['a generator', () => chunks[Symbol.iterator](), (stream: Iterable<unknown>) => [...stream]],
      [
        'an iterator without an iteration method',
        () => {
          const iterator = generate();
          return { next: () => iterator.next() };
        },
        async (iterator: AsyncIterator<unknown>) => {
          while ((await iterator.next()).done !== true);
        },
      ],
      ['a web stream', () => ReadableStream.from(chunks), drain],
      ['a Node stream', () => Readable.from(chunks), drain],
      [
        'an event emitter',
        () => new EventEmitter(),
        (emitter: EventEmitter) => {
          for (const chunk of chunks) emitter.emit('data', chunk);
          emitter.emit('end');
        },
      ],
      [
        'a fetch response',
        () => new Response(body(), { headers: { 'Content-Type': 'application/x-ndjson' } }),
        (response: Response) => response.text(),
      ],
      [
        'a result that contains a stream',
        () => ({ stream: generate() }),
        (inner: { stream: never }) => drain(inner.stream),
      ],
    ];
    for (const [name, openStream, read] of streams) {
      it(`${name}, of the identical result and stream`, async () => {
        const inner = openStream();
        const result = { inner };
        const { ask, counts } = track(() => result);
        expect(ask()).to.equal(result);
        expect(result.inner).to.equal(inner);
        expect(await counts()).to.include(open);
        await read(inner as never);
        expect(await counts()).to.include(answered);
      });
    }

    it('the stream of a promised result, and of a thenable', async () => {
      const later = track(async () => ({ inner: generate() }));
      await drain((await later.ask()).inner);
      expect(await later.counts()).to.include(answered);
      const lazy = track(() => ({
        then: (use: (value: { inner: AsyncIterable<unknown> }) => void) => use({ inner: generate() }),
      }));
      await drain((await lazy.ask()).inner);
      expect(await lazy.counts()).to.include(answered);
    });

    it('the stream of a frozen result', async () => {
      const { ask, counts } = track(() => Object.freeze({ inner: generate() }));
      await drain(ask().inner);
      expect(await counts()).to.include(answered);
    });

    it('the stream that the application reads from a getter, even if each read creates a stream', async () => {
      let created = 0;
      class Answer {
        get inner(): AsyncGenerator<object> {
          created++;
          return generate();
        }
      }
      const { ask, counts } = track(() => new Answer());
      const answer = ask();
      expect(created).to.equal(1);
      const { inner } = answer;
      expect(created).to.equal(1);
      expect(answer.inner).not.to.equal(inner);
      await drain(inner);
      expect(await counts()).to.include(answered);
    });

    it('a stream that is not in the result, found by a result of any type', async () => {
      const known = new Map([['id-1', generate()]]);
      const { ask, counts } = track(() => 'id-1', { stream: (id) => known.get(id) });
      expect(ask()).to.equal('id-1');
      expect(await counts()).to.include(open);
      await drain(known.get('id-1')!);
      expect(await counts()).to.include(answered);
    });

    it('the same stream for each call that returned it', async () => {
      const inner = generate();
      const { ask, counts } = track(() => ({ inner }));
      ask();
      await drain(ask().inner);
      expect(await counts()).to.include({ 'active m': 0, 'timed m': 2, 'finished m stop': 2, 'input m': 18 });
    });

    it('the stream of a node, too', async () => {
      const graph = freshGraph();
      class Step {
        @TrackNode({ node: 'node', graph, stream: (result) => result.inner })
        run() {
          return { inner: new EventEmitter() };
        }
      }
      const { inner } = new Step().run();
      expect(await nodeCounts(graph)).to.include({ active: 1, timed: 0 });
      inner.emit('end');
      expect(await nodeCounts(graph)).to.include({ active: 0, timed: 1 });
    });
  });

  it('lets the code of the stream run in the context of the call', async () => {
    const context: CallContext = { graph: 'outer', labels: {} };
    const seen: unknown[] = [];
    async function* read() {
      seen.push(callContext.getStore());
      yield 'a';
    }
    const series = new RequestSeries(
      ['m', freshGraph(), 'stream'],
      { stream: ({ inner }) => inner },
      getMetricsCollector(),
    );
    const call = { series: Object.assign(series, { scope: context }), started: 0, args: [] };
    const result = { inner: read() };
    callContext.run(context, () => expect(watchResult(result, call)).to.equal(true));
    await drain(result.inner);
    expect(seen).to.deep.equal([context]);
  });

  it('reads the usage from the chunks of the stream', async () => {
    const { ask, counts } = track(() => ({ inner: ReadableStream.from(['a', 'bc']) }), {
      usage: (chunk) => ({ inputTokens: 4, outputTokens: chunk.length }),
    });
    await drain(ask().inner as unknown as AsyncIterable<unknown>);
    expect(await counts()).to.include({ ...settled, 'input m': 4, 'output m': 2 });
  });

  it('has priority over the stream that is found without it', async () => {
    const { ask, counts } = track(() => ({ stream: generate(), inner: generate() }));
    const { stream, inner } = ask();
    await drain(stream);
    expect(await counts()).to.include(open);
    await drain(inner);
    expect(await counts()).to.include(answered);
  });

  it('may be a promise of the stream', async () => {
    const before = await errors();
    const promise = nextTurn(generate());
    const { ask, counts } = track(() => ({ inner: promise }));
    const { inner } = ask();
    expect(inner).to.equal(promise);
    expect(await counts()).to.include(open);
    await drain(await inner);
    expect(await counts()).to.include(answered);
    const empty = track(() => ({ inner: Promise.resolve(undefined), message: { content: 'Four.' }, ...chunks[1] }));
    await empty.ask().inner;
    expect(await empty.counts()).to.include({ ...settled, 'input m': 9, 'output m': 2 });
    const other = track(() => ({ inner: Promise.resolve('none'), stream: generate() }));
    const { stream } = other.ask();
    await nextTurn();
    await drain(stream);
    expect(await other.counts()).to.include(answered);
    expect(await errors()).to.equal(before + 1);
  });

  it('fails the call if the promise of the stream rejects, once', async () => {
    const failure = new RangeError('no');
    const { ask, counts } = track(() => ({ inner: Promise.reject(failure) }));
    const error = await ask().inner.catch((thrown: unknown) => thrown);
    expect(error).to.equal(failure);
    expect(await counts()).to.include({ 'active m': 0, 'timed m': 1, 'finished m error': 1, 'errors RangeError m': 1 });
  });

  it('counts the call as cancelled if a signal is aborted before or after the promise has resolved', async () => {
    for (const resolvesFirst of [false, true]) {
      const controller = new AbortController();
      let resolve: (stream: AsyncIterable<unknown>) => void = () => {};
      const inner = new Promise<AsyncIterable<unknown>>((done) => {
        resolve = done;
      });
      const { ask, counts } = track(() => ({ inner }));
      ask({ signal: controller.signal });
      if (resolvesFirst) {
        resolve(generate());
        await nextTurn();
      }
      controller.abort();
      expect(await counts()).to.include(cancelled);
      resolve(generate());
      await drain(await inner);
      expect(await counts()).to.include(cancelled);
    }
  });

  it('counts the call as cancelled if the stream, or its promise, is garbage-collected', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const stream = track(() => ({ inner: { [Symbol.asyncIterator]: generate } }));
    const promise = track(() => ({ inner: new Promise(() => {}) }));
    stream.ask();
    promise.ask();
    await eventually(async () => {
      collectGarbage();
      expect(await stream.counts()).to.include(cancelled);
      expect(await promise.counts()).to.include(cancelled);
      return true;
    });
  });

  it('does not end a call whose promise was garbage-collected while its stream is read', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const { ask, counts } = track(() => ({ inner: nextTurn(generate()) }));
    const stream = await ask().inner;
    await stream.next();
    for (let round = 0; round < 5; round++) {
      collectGarbage();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await counts()).to.include(open);
    await drain(stream);
    expect(await counts()).to.include(answered);
  });

  describe('records the result as without the option', () => {
    it('if it returns undefined or null', async () => {
      const before = await errors();
      for (const inner of [undefined, null]) {
        const plain = track(() => ({ inner, ...chunks[1] }));
        plain.ask();
        expect(await plain.counts()).to.include({ ...settled, 'input m': 9, 'output m': 2 });
        const found = track(() => ({ inner, stream: generate() }));
        await drain(found.ask().stream);
        expect(await found.counts()).to.include(answered);
      }
      expect(await errors()).to.equal(before);
    });

    it('if it throws or returns another value, and counts one error per call', async () => {
      const failing = () => {
        throw new Error('no');
      };
      const frozen = Object.freeze(generate());
      for (const stream of [failing, () => 'text', () => 7, () => [1], () => ({}), () => frozen]) {
        const before = await errors();
        const plain = track(() => ({ ...chunks[1] }), { stream });
        plain.ask();
        expect(await plain.counts()).to.include({ ...settled, 'input m': 9, 'output m': 2 });
        const found = track(async () => ({ stream: generate() }), { stream });
        await drain((await found.ask()).stream);
        expect(await found.counts()).to.include(answered);
        expect(await errors()).to.equal(before + 2);
      }
    });

    it('if the stream has ended, without an error', async () => {
      const before = await errors();
      const { ask, counts } = track(() => ({ inner: Readable.from([]).destroy() }));
      ask();
      expect(await counts()).to.include(settled);
      expect(await errors()).to.equal(before);
    });
  });

  it('never changes what the application receives, whatever it returns', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.anything({ withBigInt: true, withDate: true, withMap: true }),
        fc.anything(),
        async (one, other) => {
          const { ask } = track(() => one, { stream: () => other });
          expect(ask()).to.equal(one);
          const later = track(async () => one, { stream: () => other });
          expect(await later.ask()).to.equal(one);
        },
      ),
      { numRuns: 200 },
    );
  });
});
