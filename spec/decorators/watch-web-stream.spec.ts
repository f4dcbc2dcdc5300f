import { expect } from 'chai';
import { dialects } from '../support/dialects.js';
import { eventually } from '../support/eventually.js';
import { freshGraph, nodeCounts, nodeErrors } from '../support/shared-scrape.js';

const settled = { executions: 1, timed: 1, active: 0, cancelled: 0 };
const left = { ...settled, cancelled: 1 };

describe('a web stream a decorated method gives', () => {
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

  it('is timed to its end when it is iterated', async () => {
    const { graph, give } = setUp();
    expect(await drain(give(chunks()))).to.equal('abc');
    const values: string[] = [];
    for await (const value of give(chunks()).values()) values.push(value);
    expect(values).to.deep.equal(['a', 'b', 'c']);
    expect(await nodeCounts(graph)).to.include({ executions: 2, timed: 2, active: 0 });
  });

  it('is timed to its end when it is read by a reader', async () => {
    const { graph, give } = setUp();
    const stream = chunks();
    expect(give(stream)).to.equal(stream);
    const reader = stream.getReader();
    expect(stream.locked).to.equal(true);
    while (!(await reader.read()).done) expect((await nodeCounts(graph)).active).to.equal(1);
    expect(await nodeCounts(graph)).to.deep.equal(settled);
  });

  it('goes on when a reader is let go that waits for a chunk', async () => {
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

  it('is timed to the end of a pipe', async () => {
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

  it('is timed to the end of a branch', async () => {
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
});
