import { expect } from 'chai';
import { SegmentChain } from '../../../lib/core/metrics/segment-chain.js';
import { announceSegments, ThreadChannel, type ThreadMessage } from '../../../lib/core/metrics/thread-channel.js';
import { eventually } from '../../support/eventually.js';

describe('ThreadChannel', () => {
  it('tells the others what one tells, a segment as the same memory', async () => {
    const heard: ThreadMessage[] = [];
    const [teller] = [new ThreadChannel(() => {}), new ThreadChannel((message) => heard.push(message))];
    const { buffer } = new SegmentChain().segments[0]!;
    teller.tell({ type: 'started', thread: 8, by: 7 });
    teller.tell({ type: 'segment', thread: 7, index: 0, buffer });
    await eventually(async () => heard.length === 2);
    expect(heard[0]).to.deep.equal({ type: 'started', thread: 8, by: 7 });
    const told = heard[1] as Extract<ThreadMessage, { readonly type: 'segment' }>;
    new Uint8Array(buffer)[9] = 5;
    expect([told.thread, new Uint8Array(told.buffer)[9]]).to.deep.equal([7, 5]);
  });

  it('has nothing to announce on the main thread, whose segment is known there', async () => {
    const heard: ThreadMessage[] = [];
    const [channel] = [new ThreadChannel(() => {}), new ThreadChannel((message) => heard.push(message))];
    announceSegments(new SegmentChain());
    channel.tell({ type: 'ask' });
    channel.tell({ type: 'ended', thread: 1 });
    await eventually(async () => heard.length >= 2);
    expect(heard.map(({ type }) => type)).to.deep.equal(['ask', 'ended']);
  });
});
