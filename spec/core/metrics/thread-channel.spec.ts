import { expect } from 'chai';
import { SegmentChain } from '../../../lib/core/metrics/segment-chain.js';
import { announceSegments, ThreadChannel, type ThreadMessage } from '../../../lib/core/metrics/thread-channel.js';
import { eventually } from '../../support/eventually.js';

describe('ThreadChannel', () => {
  it('sends messages to the other threads, with segments as shared memory', async () => {
    const received: ThreadMessage[] = [];
    const [sender] = [new ThreadChannel(() => {}), new ThreadChannel((message) => received.push(message))];
    const { buffer } = new SegmentChain().segments[0]!;
    sender.send({ type: 'started', thread: 8, by: 7 });
    sender.send({ type: 'segment', thread: 7, index: 0, buffer });
    await eventually(async () => received.length === 2);
    expect(received[0]).to.deep.equal({ type: 'started', thread: 8, by: 7 });
    const segment = received[1] as Extract<ThreadMessage, { readonly type: 'segment' }>;
    new Uint8Array(buffer)[9] = 5;
    expect([segment.thread, new Uint8Array(segment.buffer)[9]]).to.deep.equal([7, 5]);
  });

  it('announces nothing on the main thread', async () => {
    const received: ThreadMessage[] = [];
    const [channel] = [new ThreadChannel(() => {}), new ThreadChannel((message) => received.push(message))];
    announceSegments(new SegmentChain());
    channel.send({ type: 'ask' });
    channel.send({ type: 'ended', thread: 1 });
    await eventually(async () => received.length >= 2);
    expect(received.map(({ type }) => type)).to.deep.equal(['ask', 'ended']);
  });
});
