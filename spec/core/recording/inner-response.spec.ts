import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { trackRequest } from '../../../lib/core/index.js';
import { InnerResponse } from '../../../lib/core/recording/inner-response.js';
import type { KnownFacts } from '../../../lib/core/recording/response-facts.js';
import { eventually } from '../../support/eventually.js';
import { recordingListener } from '../../support/recording-listener.js';
import { requestCounts } from '../../support/request-counts.js';
import { freshGraph } from '../../support/shared-scrape.js';

interface Options extends Partial<KnownFacts> {
  /** In milliseconds. */
  readonly patience?: number;
}

const usage = { inputTokens: 9, outputTokens: 2 };
const ended = [['chunk', 'Fo'], ['chunk', 'ur'], ['end']];
const pending = new Promise<never>(() => {});

/** A result whose getters start work, as those of the AI SDK and of Mastra do. */
class Lazy {
  readonly #failure: Error | undefined;

  constructor(failure?: Error) {
    this.#failure = failure;
  }
  get textStream(): AsyncGenerator<string> {
    return words();
  }
  get fullStream(): AsyncGenerator<string> {
    return words();
  }
  get text(): Promise<string> {
    return this.#failure === undefined ? Promise.resolve('Four') : Promise.reject(this.#failure);
  }
  get usage(): Promise<object> {
    return Promise.resolve(usage);
  }
}

async function* words(): AsyncGenerator<string> {
  yield* ['Fo', 'ur'];
}

async function drain(stream: object): Promise<void> {
  for await (const _chunk of stream as AsyncIterable<unknown>);
}

function watched<Result extends object>(result: Result, { patience = 60_000, ...known }: Options = {}) {
  const { listener: stream, events } = recordingListener();
  const returned = (value: unknown): void => void events.push(['returned', value]);
  const listener = { ...stream, returned, hasUsage: false, hasFinishReason: false, ...known };
  const response = new InnerResponse(result, listener, patience);
  const isWatched = response.watchStreams() || response.watchGetters();
  response.watchPromises();
  return { result, events, isWatched };
}

describe('the response in a result with several streams and promises', () => {
  it('is observed through one branch of a tee if the other branch is cancelled', async () => {
    for (const [unused, used] of [
      ['stream', 'textStream'],
      ['textStream', 'stream'],
    ] as const) {
      const [stream, textStream] = ReadableStream.from(['Fo', 'ur']).tee();
      const { result, events } = watched({ stream, textStream });
      result[unused].cancel();
      await drain(result[used]);
      expect(events).to.deep.equal(ended);
    }
  });

  it('is cancelled when all its streams are cancelled', async () => {
    const [stream, textStream] = ReadableStream.from(['Fo', 'ur']).tee();
    const objectStream = Object.freeze(ReadableStream.from(['frozen']));
    const { result, events } = watched({ stream, textStream, objectStream });
    await Promise.all([result.stream.cancel(), result.textStream.cancel()]);
    expect(events).to.deep.equal([['leave']]);
  });

  it('ends with the known facts if the promises of the others do not settle', async () => {
    const known = watched({ stream: words(), usage: pending }, { hasUsage: true });
    await drain(known.result.stream);
    expect(known.events).to.deep.equal(ended);
    const late = watched({ stream: words(), usage: pending, finishReason: Promise.resolve('stop') }, { patience: 1 });
    await drain(late.result.stream);
    await eventually(async () => late.events.length > 2);
    expect(late.events).to.deep.equal([...ended.slice(0, 2), ['end', { finishReason: 'stop' }]]);
  });

  it('keeps the value that its generator returns', async () => {
    async function* counted(): AsyncGenerator<string, object> {
      yield 'Four';
      return { usage: { inputTokens: 9 } };
    }
    const { result, events } = watched({ stream: counted(), finishReason: Promise.resolve('length') });
    await drain(result.stream);
    await nextTurn();
    expect(events).to.deep.equal([
      ['chunk', 'Four'],
      ['returned', { usage: { inputTokens: 9 } }],
      ['end', { finishReason: 'length' }],
    ]);
  });

  it('fails at the end of the stream if a promise is rejected and the stream is read', async () => {
    const failure = new RangeError('no');
    const { result, events } = watched(new Lazy(failure));
    await result.text.catch(() => {});
    await drain(result.fullStream);
    await nextTurn();
    expect(events).to.deep.equal([...ended.slice(0, 2), ['fail', failure]]);
    const left = watched(new Lazy(failure));
    await left.result.text.catch(() => {});
    const stream = left.result.fullStream;
    await nextTurn();
    await stream.next();
    await stream.return(undefined);
    expect(left.events).to.deep.equal([...ended.slice(0, 1), ['fail', failure]]);
  });

  it('fails after some time if a promise is rejected and the stream is not read', async () => {
    const failure = new RangeError('no');
    const { result, events } = watched(new Lazy(failure), { patience: 1 });
    const { fullStream, text } = result;
    await text.catch(() => {});
    await eventually(async () => events.length > 0);
    expect(events).to.deep.equal([['fail', failure]]);
    await drain(fullStream);
    await nextTurn();
    expect(events.filter(([name]) => name !== 'chunk')).to.deep.equal([['fail', failure]]);
  });

  it('is observed through another stream after a stream without a chunk was cancelled', async () => {
    const { result, events } = watched(new Lazy());
    await result.textStream.return(undefined);
    await nextTurn();
    expect(events).to.deep.equal([]);
    await drain(result.fullStream);
    await nextTurn();
    expect(events).to.deep.equal([...ended.slice(0, 2), ['end', { usage }]]);
  });

  it('is cancelled some time after its only stream was cancelled without a chunk', async () => {
    const { result, events } = watched(new Lazy(), { patience: 1 });
    await result.textStream.return(undefined);
    await eventually(async () => events.length > 0);
    expect(events).to.deep.equal([['leave']]);
  });

  it('is not observed if the getters cannot be overridden', () => {
    const result = Object.defineProperty({}, 'textStream', { get: words });
    expect(watched(result).isWatched).to.equal(false);
  });

  describe('is counted once as a request', () => {
    const chunks = [{ text: 'Four.' }, { usage: { prompt_tokens: 9, completion_tokens: 2 }, finish_reason: 'stop' }];
    const answered = { 'active m': 0, 'timed m': 1, 'finished m stop': 1, 'input m': 9, 'output m': 2 };
    const counts = async <Result>(open: () => Result, read: (result: Result) => unknown) => {
      const graph = freshGraph();
      await read(trackRequest(open, { model: 'm', graph })());
      await nextTurn();
      return await requestCounts(graph);
    };

    it('if the application cancels a branch that it does not need', async () => {
      const open = () => {
        const [textStream, stream] = ReadableStream.from(chunks).tee();
        return { stream, textStream };
      };
      const read = async ({ stream, textStream }: ReturnType<typeof open>) => {
        textStream.cancel();
        await drain(stream);
      };
      expect(await counts(open, read)).to.include(answered);
    });

    it('if a promise of its facts never settles', async () => {
      const open = () => ({ stream: ReadableStream.from(chunks), usage: pending, finishReason: pending });
      expect(await counts(open, ({ stream }) => drain(stream))).to.include(answered);
    });

    it('if its generator returns the token counts and a promise has the finish reason', async () => {
      async function* generate() {
        yield 'Four.';
        return { usage };
      }
      const open = () => ({ stream: generate(), finishReason: Promise.resolve('stop') });
      expect(await counts(open, ({ stream }) => drain(stream))).to.include(answered);
    });

    it('if a promise is rejected before the application reads the stream', async () => {
      const open = () => ({
        get fullStream() {
          return ReadableStream.from(chunks);
        },
        get text() {
          return Promise.reject(new RangeError('no'));
        },
      });
      const read = async (result: ReturnType<typeof open>) => {
        await result.text.catch(() => {});
        await drain(result.fullStream);
      };
      const failed = { 'active m': 0, 'timed m': 1, 'errors RangeError m': 1, 'input m': 9, 'output m': 2 };
      expect(await counts(open, read)).to.include(failed);
    });
  });
});
