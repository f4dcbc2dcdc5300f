import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type ChatServer, startChatServer } from '../../../lib/executor/chat-server/chat-server.js';
import type { ChatServerOptions } from '../../../lib/executor/chat-server/chat-server-options.js';
import { GraphExecutor } from '../../../lib/executor/graph/executor.js';
import type {
  ModelChunk,
  ModelClient,
  ModelRequest,
  ModelResponse,
} from '../../../lib/executor/models/model-client.js';
import { eventually } from '../../support/eventually.js';
import { graphOf, watched } from '../../support/graph-of.js';

const piece = 'x'.repeat(16 * 1024);
/** 64 MiB, so that a server that reads ahead does not use all memory. */
const mostPieces = 4096;

/** Generates an almost endless answer, as fast as it is read. */
class EndlessModel implements ModelClient {
  readonly provider = 'stub';
  readonly model = 'endless';
  pieces = 0;
  isActive = false;

  generate(): Promise<ModelResponse> {
    throw new Error('This model only streams.');
  }

  async *stream({ signal }: ModelRequest): AsyncGenerator<ModelChunk> {
    this.isActive = true;
    try {
      for (; this.pieces < mostPieces; this.pieces++) {
        yield { text: piece };
        await nextTurn();
        signal?.throwIfAborted();
      }
      yield { text: '', finishReason: 'stop', usage: {} };
    } finally {
      this.isActive = false;
    }
  }
}

/** Generates an answer of two pieces, with a pause between them. */
class PausingModel implements ModelClient {
  readonly provider = 'stub';
  readonly model = 'pausing';

  constructor(readonly pauseMilliseconds: number) {}

  generate(): Promise<ModelResponse> {
    throw new Error('This model only streams.');
  }

  async *stream({ signal }: ModelRequest): AsyncGenerator<ModelChunk> {
    yield { text: 'before ' };
    await sleep(this.pauseMilliseconds, undefined, { signal });
    yield { text: 'after', finishReason: 'stop', usage: {} };
  }
}

describe('EventStream', () => {
  let server: ChatServer;
  let model: EndlessModel;
  let client: Socket;
  let statuses: unknown[];

  /** Requests a stream, and reads nothing of it. */
  async function ask(options: Partial<ChatServerOptions> = {}): Promise<void> {
    model = new EndlessModel();
    await askModel(model, options);
  }

  async function askModel(asked: ModelClient, options: Partial<ChatServerOptions>): Promise<void> {
    statuses = [];
    const executor = new GraphExecutor(watched(graphOf(['ask: { kind: model }'], { way: ['ask'] })), { model: asked });
    const log = ({ status }: { status?: unknown }) => void statuses.push(status);
    const logger = { info: log, warn: log, error: log };
    server = await startChatServer({ graphs: [executor], port: 0, logger, ...options });
    const fields = { model: executor.graph.name, stream: true, messages: [{ role: 'user', content: 'Why?' }] };
    const body = JSON.stringify(fields);
    client = connect(server.port, '127.0.0.1').on('error', () => undefined);
    client.pause();
    client.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  }
  afterEach(async () => {
    client.destroy();
    await server.close({ graceSeconds: 0 });
  });

  /** The number of pieces when the server has stopped reading the model. */
  const settled = () =>
    eventually(async () => {
      const before = model.pieces;
      await sleep(200);
      return before > 0 && model.pieces === before ? before : undefined;
    });

  it('stops reading the model while the client does not read the answer', async () => {
    await ask();
    const read = await settled();
    // The rest is in the buffers of the system, on both sides of the connection.
    expect(read * piece.length).to.be.below(20 * 2 ** 20);
    client.resume();
    await eventually(async () => model.pieces > read + 100);
    client.pause();
    expect(await settled()).to.be.below(mostPieces);
    client.destroy();
    await eventually(async () => !model.isActive);
  });

  it('keeps a silent stream open, even if the timeout is shorter than the time between pings', async () => {
    await askModel(new PausingModel(1500), { stallSeconds: 0.1, pingSeconds: 0.5 });
    let received = '';
    client.setEncoding('utf8').on('data', (text) => {
      received += text;
    });
    client.resume();
    await eventually(async () => statuses.length > 0);
    expect(statuses).to.deep.equal([200]);
    await eventually(async () => received.includes('[DONE]'));
    expect(received).to.match(/"before ".*: ping.*: ping.*"after"/s);
  });

  it('ends the run of a client that stops reading', async () => {
    await ask({ stallSeconds: 0.1, pingSeconds: 0.1 });
    await eventually(async () => statuses.length > 0);
    expect(statuses).to.deep.equal([499]);
    // The run notices the end at its next chunk, which may be after the request was logged.
    await eventually(async () => !model.isActive);
    expect(model.pieces).to.be.below(mostPieces);
    client.resume();
    await once(client, 'close');
  });
});
