import { expect } from 'chai';
import fc from 'fast-check';
import { isFetchResponse, watchResponse } from '../../../lib/core/recording/watch-response.js';
import { cut } from '../../proxy/observation/corpus/replay.js';
import { recordingListener } from '../../support/recording-listener.js';

const usage = { usage: { prompt_tokens: 12, completion_tokens: 34 } };
const chunks = [{ choices: [{ delta: { content: 'ü' } }] }, { choices: [], ...usage }];
const lines = chunks.map((chunk) => `${JSON.stringify(chunk)}\n`).join('');
const events = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
const seen = [...chunks.map((chunk) => ['chunk', chunk]), ['end']];

async function* pieces(text: string, offsets: readonly number[] = []): AsyncGenerator<Uint8Array> {
  yield* cut(Buffer.from(text), offsets);
}

describe('a fetch response', () => {
  const watched = (body: string | FormData | AsyncIterable<Uint8Array> | null, type?: string) => {
    const { listener, events: calls } = recordingListener();
    const source =
      body !== null && typeof body === 'object' && Symbol.asyncIterator in body ? ReadableStream.from(body) : body;
    const headers = type === undefined ? {} : { 'Content-Type': type };
    const response = new Response(source as ConstructorParameters<typeof Response>[0], { headers });
    return { response, calls, isWatched: watchResponse(response, listener) };
  };

  it('is recognized by its class', () => {
    expect(isFetchResponse(new Response())).to.equal(true);
    expect(isFetchResponse({ body: null, bodyUsed: false })).to.equal(false);
  });

  const readers: readonly (readonly [name: string, read: (response: Response) => Promise<unknown>])[] = [
    ['text()', async (response) => response.text()],
    ['json()', async (response) => JSON.stringify(await response.json())],
    ['arrayBuffer()', async (response) => Buffer.from(await response.arrayBuffer()).toString()],
    ['blob()', async (response) => (await response.blob()).text()],
    ['its body', async (response) => new Response(response.body).text()],
    ['a clone', async (response) => response.clone().text()],
    ['a clone of a clone', async (response) => response.clone().clone().text()],
    ['itself after two clones', async (response) => response.clone() && response.clone() && response.text()],
  ];
  for (const [name, read] of readers) {
    it(`is read by ${name}, and ends with the object in it`, async () => {
      const body = JSON.stringify({ model: 'm', ...usage });
      const { response, calls, isWatched } = watched(body, 'application/json');
      expect(isWatched).to.equal(true);
      expect(await read(response)).to.equal(body);
      expect(calls).to.deep.equal([['end', { model: 'm', ...usage }]]);
    });
  }

  it('is read by formData()', async () => {
    const form = new FormData();
    form.append('text', 'Four');
    const { response, calls } = watched(form);
    expect((await response.formData()).get('text')).to.equal('Four');
    expect(calls[0]?.[0]).to.equal('end');
  });

  const framings: readonly (readonly [type: string | undefined, body: string])[] = [
    ['text/event-stream', events],
    ['TEXT/EVENT-STREAM; charset=utf-8', events],
    [undefined, events],
    ['application/json', events],
    ...['application/x-ndjson', 'application/jsonl', 'Application/JSON-Seq', 'application/stream+json'].map(
      (type) => [type, lines] as const,
    ),
    ['application/json', JSON.stringify(chunks)],
  ];
  for (const [type, body] of framings) {
    it(`is read as a stream: ${type} that begins with ${body.slice(0, 5)}`, async () => {
      const { response, calls } = watched(body, type);
      expect(await response.text()).to.equal(body);
      expect(calls).to.deep.equal(seen);
    });
  }

  it('has the same chunks however its body is split', async () => {
    const offsets = fc.array(fc.nat(Buffer.byteLength(events))).map((all) => all.sort((one, other) => one - other));
    await fc.assert(
      fc.asyncProperty(offsets, fc.constantFrom(events, lines), async (at, body) => {
        const type = body === events ? 'text/event-stream' : 'application/x-ndjson';
        const { response, calls } = watched(pieces(body, at), type);
        for await (const _ of response.body as unknown as AsyncIterable<Uint8Array>);
        expect(calls).to.deep.equal(seen);
      }),
      { numRuns: 30 },
    );
  });

  it('counts the chunks of clones once, in any order of reading', async () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      const { response, calls } = watched(events, 'text/event-stream');
      const responses = [response, response.clone(), response.clone()];
      for (const index of order) expect(await responses[index]?.text()).to.equal(events);
      const ends = Array(3).fill(['end']);
      expect(calls.toSorted(([one], [other]) => (one === other ? 0 : one === 'end' ? 1 : -1))).to.deep.equal([
        ...seen.slice(0, 2),
        ...ends,
      ]);
      expect(calls.slice(0, 3), `in the order ${order}`).to.deep.equal(seen);
    }
  });

  it('is observed through its bodies after a clone that does not call `tee`, as in Node 26', async () => {
    const withNativeClone = (response: Response): Response => {
      const clone = () => {
        const [own, other] = ReadableStream.prototype.tee.call(response.body);
        Object.defineProperty(response, 'body', { value: own });
        return withNativeClone(new Response(other));
      };
      return Object.assign(response, { clone });
    };
    const read = async ({ body }: Response) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of body as unknown as AsyncIterable<Uint8Array>) pieces.push(piece);
      return Buffer.concat(pieces).toString();
    };
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { listener, events: calls } = recordingListener();
      const response = withNativeClone(new Response(events));
      watchResponse(response, listener);
      const responses = [response, response.clone()];
      for (const index of order) expect(await read(responses[index] as Response)).to.equal(events);
      expect(calls, `in the order ${order}`).to.deep.equal([...seen, ['end']]);
    }
  });

  it('ignores chunks of its body that are not bytes', async () => {
    const { response, calls } = watched(ReadableStream.from(['text']) as never);
    expect(await response.body?.getReader().read()).to.deep.equal({ done: false, value: 'text' });
    expect(calls).to.deep.equal([]);
  });

  it('is left when the consumers of all clones have left', async () => {
    const { response, calls } = watched(pieces(events), 'text/event-stream');
    const copy = response.clone();
    void response.body?.cancel();
    void response.body?.cancel().catch(() => {});
    expect(calls).to.deep.equal([]);
    await copy.body?.cancel();
    expect(calls).to.deep.equal([['leave']]);
  });

  it('reports its chunks before the end of its body', async () => {
    const { response, calls } = watched(
      pieces(events, [Buffer.byteLength(events.split('\n\n')[0] ?? '') + 2]),
      'text/event-stream',
    );
    const reader = response.body?.getReader();
    await reader?.read();
    expect(calls).to.deep.equal(seen.slice(0, 1));
    await reader?.cancel();
    expect(calls).to.deep.equal([...seen.slice(0, 1), ['leave']]);
  });

  it('fails if its body fails, not if the JSON in it is invalid', async () => {
    const failure = new RangeError('no');
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{');
      throw failure;
    };
    const broken = watched(failing());
    expect(await broken.response.text().catch((error: unknown) => error)).to.equal(failure);
    expect(broken.calls).to.deep.equal([['fail', failure]]);
    const body = watched(failing());
    const read = async () => {
      for await (const _ of body.response.body as unknown as AsyncIterable<Uint8Array>);
    };
    expect(await read().catch((error: unknown) => error)).to.equal(failure);
    expect(body.calls).to.deep.equal([['fail', failure]]);
    const invalid = watched('no JSON');
    const error = await invalid.response.json().catch((problem: unknown) => problem);
    expect(error).to.be.instanceOf(SyntaxError);
    expect(invalid.calls).to.deep.equal([['end']]);
  });

  it('ends without a value if its body is empty or contains nothing about a model', async () => {
    for (const body of ['', ' ', '{"embedding":[0.5]}', '{"input_tokens":7}', 'text']) {
      const { response, calls } = watched(body);
      expect(await response.text()).to.equal(body);
      expect(calls, body).to.deep.equal([['end']]);
    }
  });

  it('ends with an object without fields if none of the fields is known', async () => {
    for (const body of ['{"answer":"x"}', '{"a":{"usage":1},"b":[]}']) {
      const { response, calls } = watched(body);
      await response.text();
      expect(calls, body).to.deep.equal([['end', {}]]);
    }
    const vectors = watched('{"answer":"x","embedding":[0.5]}');
    await vectors.response.text();
    expect(vectors.calls).to.deep.equal([['end']]);
  });

  it('is not observed without a body, or after its body was read', async () => {
    expect(watched(null).isWatched).to.equal(false);
    const response = new Response('{}');
    await response.text();
    const { listener } = recordingListener();
    expect(watchResponse(response, listener)).to.equal(false);
    expect(Object.keys(response)).to.deep.equal([]);
  });

  it('ignores objects of more than 8 MiB', async () => {
    const body = `data: {"text":"${'a'.repeat(8 * 1024 * 1024)}"}\n\ndata: ${JSON.stringify(usage)}\n\n`;
    const { response, calls } = watched(body, 'text/event-stream');
    await response.text();
    expect(calls).to.deep.equal([['chunk', usage], ['end']]);
    const shorter = watched(`data: {"text":"${'a'.repeat(7 * 1024 * 1024)}"}\n\n`, 'text/event-stream');
    await shorter.response.text();
    expect(shorter.calls.map(([name]) => name)).to.deep.equal(['chunk', 'end']);
  });
});
