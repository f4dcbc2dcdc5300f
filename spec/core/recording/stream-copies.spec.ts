import { expect } from 'chai';
import { StreamCopies } from '../../../lib/core/recording/stream-copies.js';
import { recordingListener } from '../../support/recording-listener.js';

describe('StreamCopies', () => {
  const setUp = () => {
    const { listener, events } = recordingListener();
    const copies = new StreamCopies(listener);
    return { events, first: copies.follow(), second: copies.follow() };
  };

  it('counts each chunk once, when the first copy reaches it', () => {
    const { events, first, second } = setUp();
    for (const [copy, value] of [
      [first, 'a'],
      [second, 'a'],
      [second, 'b'],
      [second, 'c'],
      [first, 'b'],
      [first, 'c'],
      [first, 'd'],
    ] as const) {
      copy.chunk(value);
    }
    expect(events.map(([, value]) => value)).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('ends when any copy ends, and fails when any copy fails', () => {
    const { events, first, second } = setUp();
    second.end('Four');
    first.fail('no');
    expect(events).to.deep.equal([
      ['end', 'Four'],
      ['fail', 'no'],
    ]);
  });

  it('is left when the consumers of all copies have left', () => {
    const { events, first, second } = setUp();
    first.leave();
    first.leave();
    expect(events).to.deep.equal([]);
    second.leave();
    second.leave();
    expect(events).to.deep.equal([['leave']]);
  });
});
