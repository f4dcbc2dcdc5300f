import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { ByteBudget } from '../../../lib/proxy/forwarding/byte-budget.js';
import { ResponseWriter } from '../../../lib/proxy/forwarding/response-writer.js';

/** A response whose client reads only if `reads` is true. */
class SlowResponse extends EventEmitter {
  readonly seen: string[] = [];
  reads = false;

  write(piece: Buffer): boolean {
    this.seen.push(piece.toString());
    return this.reads;
  }

  addTrailers(trailers: readonly (readonly string[])[]): void {
    this.seen.push(JSON.stringify(trailers));
  }

  end(): void {
    this.seen.push('end');
  }
}

describe('ResponseWriter', () => {
  let response: SlowResponse;
  let stalls: number;

  beforeEach(() => {
    response = new SlowResponse();
    stalls = 0;
  });

  function writerWith(waitingBudget = new ByteBudget(64 * 1024 * 1024), stallMilliseconds = 60_000): ResponseWriter {
    const onStalled = () => stalls++;
    return new ResponseWriter(response as unknown as ServerResponse, { waitingBudget, stallMilliseconds, onStalled });
  }

  /** Writes pieces while there is room, and returns how many. */
  function fill(writer: ResponseWriter, piece: Buffer, onRoom = () => {}): number {
    for (let count = 1; ; count++) {
      writer.write(piece);
      if (!writer.hasRoom(onRoom)) return count;
    }
  }

  it('writes immediately while the client reads, and in order when it reads again', () => {
    const writer = writerWith();
    response.reads = true;
    writer.write(Buffer.from('a'));
    response.reads = false;
    for (const piece of ['b', 'c', 'd']) writer.write(Buffer.from(piece));
    expect(response.seen).to.deep.equal(['a', 'b']);
    writer.end([['X-Sum', '7']]);
    response.emit('drain');
    expect(response.seen).to.deep.equal(['a', 'b', 'c']);
    response.reads = true;
    response.emit('drain');
    expect(response.seen).to.deep.equal(['a', 'b', 'c', 'd', '[["X-Sum","7"]]', 'end']);
    writer.stop();
  });

  it('buffers 1 MiB for a client, and less in small chunks', () => {
    expect(fill(writerWith(), Buffer.alloc(64 * 1024))).to.be.within(16, 18);
    expect(fill(writerWith(), Buffer.alloc(1))).to.be.below(5_000);
  });

  it('buffers nothing when the budget for all clients is used up', () => {
    const waitingBudget = new ByteBudget(100_000);
    const first = writerWith(waitingBudget);
    expect(fill(first, Buffer.alloc(64 * 1024))).to.equal(3);
    expect(fill(writerWith(waitingBudget), Buffer.alloc(10))).to.equal(1);
    first.stop();
    expect(fill(writerWith(waitingBudget), Buffer.alloc(64 * 1024))).to.equal(3);
  });

  it('calls the listener once when there is room again', () => {
    let rooms = 0;
    const writer = writerWith();
    fill(writer, Buffer.alloc(64 * 1024), () => rooms++);
    response.reads = true;
    response.emit('drain');
    response.emit('drain');
    expect(rooms).to.equal(1);
    writer.stop();
  });

  it('reports a client that reads nothing for too long, during the body and at its end', async () => {
    const writer = writerWith(undefined, 20);
    await sleep(40);
    expect(stalls).to.equal(0);
    writer.write(Buffer.from('a'));
    await sleep(40);
    expect(stalls).to.equal(1);
    response.emit('drain');
    writer.end([]);
    await sleep(40);
    expect(stalls).to.equal(2);
  });

  it('reports nothing after it was stopped', async () => {
    const writer = writerWith(undefined, 20);
    writer.write(Buffer.from('a'));
    writer.write(Buffer.from('b'));
    writer.stop();
    response.emit('drain');
    await sleep(40);
    expect([stalls, response.seen]).to.deep.equal([0, ['a']]);
  });
});
