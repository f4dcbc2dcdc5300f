import { expect } from 'chai';
import { watchWebStream } from '../../../lib/core/recording/watch-web-stream.js';
import { dialects } from '../../support/dialects.js';
import { eventually } from '../../support/eventually.js';
import { recordingListener } from '../../support/recording-listener.js';
import { freshGraph, nodeCounts, nodeErrors, scraped } from '../../support/shared-scrape.js';

const settled = { executions: 1, timed: 1, active: 0, cancelled: 0 };
const left = { ...settled, cancelled: 1 };

describe('a web stream that a decorated method returns', () => {
  const setUp = () => {
    const graph = freshGraph();
    const { Node } = dialects[0]!.subjects(graph);
    const node = new Node();
    const give = (stream: ReadableStream<string>) => node.run(() => stream);
    return { graph, give };
  };
  const chunks = () => ReadableStream.from(['a', 'b', 'c']) as ReadableStream<string>;
  const drain = async (stream: ReadableStream<string>): Promise<string> => {
    let text = '';
    for await (const chunk of stream as unknown as AsyncIterable<string>) text += chunk;
    return text;
  };

  it('is measured to its end when it is iterated', async () => {
    const { graph, give } = setUp();
    expect(await drain(give(chunks()))).to.equal('abc');
    const values: string[] = [];
    for await (const value of give(chunks()).values()) values.push(value);
    expect(values).to.deep.equal(['a', 'b', 'c']);
    expect(await nodeCounts(graph)).to.include({ executions: 2, timed: 2, active: 0 });
  });

  it('counts each chunk once if its iteration method gets a reader, as in the AI SDK', async () => {
    for (const isLazy of [false, true]) {
      const { listener, events } = recordingListener();
      const stream = ReadableStream.from(['Fo', 'ur']);
      const iterate = function (this: ReadableStream) {
        let reader = isLazy ? undefined : this.getReader();
        const next = () => {
          reader ??= this.getReader();
          return reader.read();
        };
        return { next };
      };
      Object.defineProperty(stream, Symbol.asyncIterator, { value: iterate, configurable: true });
      watchWebStream(stream, listener);
      const chunks: unknown[] = [];
      for await (const chunk of stream as unknown as AsyncIterable<unknown>) chunks.push(chunk);
      expect(chunks).to.deep.equal(['Fo', 'ur']);
      expect(events).to.deep.equal([['chunk', 'Fo'], ['chunk', 'ur'], ['end']]);
    }
  });

  it('is measured to its end when it is read by a reader', async () => {
    const { graph, give } = setUp();
    const stream = chunks();
    expect(give(stream)).to.equal(stream);
    const reader = stream.getReader();
    expect(stream.locked).to.equal(true);
    while (!(await reader.read()).done) expect((await nodeCounts(graph)).active).to.equal(1);
    expect(await nodeCounts(graph)).to.deep.equal(settled);
  });

  it('continues if a waiting reader is released', async () => {
    const { graph, give } = setUp();
    const { readable, writable } = new TransformStream<string, string>();
    const stream = give(readable);
    const impatient = stream.getReader();
    const waiting = impatient.read().catch((error: Error) => error.name);
    impatient.releaseLock();
    expect(await waiting).to.equal('TypeError');
    expect(await impatient.read().catch((error: Error) => error.name)).to.equal('TypeError');
    expect(await nodeCounts(graph)).to.include({ active: 1, timed: 0 });
    const writer = writable.getWriter();
    void writer.write('late').then(() => writer.close());
    expect(await drain(stream)).to.equal('late');
    expect(await nodeCounts(graph)).to.deep.equal(settled);
    expect(await nodeErrors(graph, 'TypeError')).to.equal(0);
  });

  it('settles when it, or its reader, is cancelled', async () => {
    for (const cancel of [
      (stream: ReadableStream) => stream.cancel('enough'),
      (stream: ReadableStream) => stream.getReader().cancel('enough'),
    ]) {
      const { graph, give } = setUp();
      await cancel(give(chunks()));
      expect(await nodeCounts(graph)).to.deep.equal(left);
    }
  });

  it('is measured to the end of a pipe', async () => {
    const { graph, give } = setUp();
    let text = '';
    await give(chunks()).pipeTo(
      new WritableStream({
        write: (chunk) => {
          text += chunk;
        },
      }),
    );
    expect(text).to.equal('abc');
    expect(await drain(give(chunks()).pipeThrough(new TransformStream()))).to.equal('abc');
    await eventually(async () => {
      expect(await nodeCounts(graph)).to.include({ executions: 2, timed: 2, active: 0 });
      return true;
    });
  });

  it('fails with a pipe, also through a transform stream', async () => {
    const { graph, give } = setUp();
    const failure = new RangeError('no');
    const failing = new TransformStream<string, string>({
      transform: () => {
        throw failure;
      },
    });
    expect(await drain(give(chunks()).pipeThrough(failing)).catch((error: unknown) => error)).to.equal(failure);
    await eventually(async () => {
      expect(await nodeErrors(graph, 'RangeError')).to.equal(1);
      return true;
    });
    expect(await nodeCounts(graph)).to.deep.equal(settled);
  });

  it('respects the options of a pipe and of an iteration', async () => {
    const { graph, give } = setUp();
    const kept = new TransformStream<string, string>();
    const text = drain(kept.readable);
    await give(chunks()).pipeTo(kept.writable, { preventClose: true });
    await give(chunks()).pipeThrough({ readable: kept.readable, writable: kept.writable }, { preventClose: false });
    expect(await text).to.equal('abcabc');
    const stream = give(chunks());
    for await (const value of stream.values({ preventCancel: true })) {
      expect(value).to.equal('a');
      break;
    }
    expect(await drain(stream)).to.equal('bc');
    expect(await nodeCounts(graph)).to.include({ executions: 3, timed: 3, active: 0 });
  });

  it('rejects an invalid pipe as before, and continues', async () => {
    const { graph, give } = setUp();
    const locked = new TransformStream<string, string>();
    locked.writable.getWriter();
    const stream = give(chunks());
    expect(() => stream.pipeThrough(locked)).to.throw(TypeError);
    for (const pair of [{}, undefined]) {
      const failure = expect(() => stream.pipeThrough(pair as never)).to.throw(TypeError);
      failure.with.property('code', 'ERR_INVALID_ARG_TYPE');
    }
    const reader = stream.getReader();
    expect(() => stream.pipeThrough(new TransformStream())).to.throw(TypeError);
    expect(await stream.cancel().catch((error: Error) => error.name)).to.equal('TypeError');
    expect((await nodeCounts(graph)).active).to.equal(1);
    expect((await reader.read()).value).to.equal('a');
    await reader.cancel();
    expect(await nodeCounts(graph)).to.deep.equal(left);
  });

  it('passes on the reason for which it or its reader was cancelled', async () => {
    const { give } = setUp();
    const reasons: unknown[] = [];
    const open = () => give(new ReadableStream<string>({ cancel: (reason) => void reasons.push(reason) }));
    await open().cancel('enough');
    await open().getReader().cancel('more than enough');
    expect(reasons).to.deep.equal(['enough', 'more than enough']);
  });

  it('may be read byte by byte', async () => {
    const { graph, give } = setUp();
    const bytes = new ReadableStream({
      type: 'bytes',
      pull: (controller) => {
        controller.enqueue(new Uint8Array([1, 2]));
        controller.close();
      },
    });
    const reader = give(bytes as never).getReader({ mode: 'byob' } as never) as unknown as ReadableStreamBYOBReader;
    expect((await reader.read(new Uint8Array(8))).value).to.deep.equal(new Uint8Array([1, 2]));
    expect((await nodeCounts(graph)).active).to.equal(1);
    expect((await reader.read(new Uint8Array(8))).done).to.equal(true);
    expect(await nodeCounts(graph)).to.deep.equal(settled);
  });

  it('continues if the consumer of one branch stops reading, and counts as cancelled when the second one stops too', async () => {
    const { graph, give } = setUp();
    const [first, second] = give(chunks()).tee();
    const reader = first.getReader();
    void reader.cancel();
    void reader.cancel();
    expect((await nodeCounts(graph)).active).to.equal(1);
    await second.cancel();
    expect(await nodeCounts(graph)).to.deep.equal(left);
  });

  it('counts the chunks of its branches once, whichever is read first', async () => {
    const graph = freshGraph();
    const client = new (dialects[0]!.subjects(graph).Client)();
    const count = async () => (await scraped('tinyllm_inter_token_latency_seconds_count', { model: 'model' })) ?? 0;
    const before = await count();
    for (const [index, times] of [
      [0, 2],
      [1, 4],
    ] as const) {
      const branches = ((await client.open(chunks() as never)) as unknown as ReadableStream<string>).tee();
      expect(await drain(branches[index])).to.equal('abc');
      expect(await drain(branches[1 - index]!)).to.equal('abc');
      expect((await count()) - before).to.equal(times);
    }
  });

  it('is measured to the end of a branch', async () => {
    const { graph, give } = setUp();
    const [first, second] = give(chunks()).tee();
    expect([await drain(second), await drain(first)]).to.deep.equal(['abc', 'abc']);
    expect(await nodeCounts(graph)).to.deep.equal(settled);
  });

  it('settles when it fails, and the failure reaches the reader', async () => {
    const failure = new RangeError('no');
    const failing = () => new ReadableStream<string>({ pull: (controller) => controller.error(failure) });
    for (const read of [
      drain,
      (stream: ReadableStream<string>) => stream.getReader().read(),
      (stream: ReadableStream<string>) => stream.pipeTo(new WritableStream()),
    ]) {
      const { graph, give } = setUp();
      expect(await read(give(failing())).catch((error: unknown) => error)).to.equal(failure);
      expect(await nodeErrors(graph, 'RangeError')).to.equal(1);
      expect(await nodeCounts(graph)).to.deep.equal(settled);
    }
  });

  it('counts one error if both branches fail', async () => {
    const { graph, give } = setUp();
    const failure = new RangeError('no');
    const branches = give(new ReadableStream<string>({ pull: (controller) => controller.error(failure) })).tee();
    for (const branch of branches) expect(await drain(branch).catch((error: unknown) => error)).to.equal(failure);
    expect(await nodeErrors(graph, 'RangeError')).to.equal(1);
    expect(await nodeCounts(graph)).to.deep.equal(settled);
  });
});
