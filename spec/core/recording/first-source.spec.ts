import { expect } from 'chai';
import { FirstSource } from '../../../lib/core/recording/first-source.js';
import { recordingListener } from '../../support/recording-listener.js';

describe('FirstSource', () => {
  it('passes on the events of the first stream with an event, and ignores the others', () => {
    const { listener, events } = recordingListener();
    const sources = new FirstSource(listener);
    const [first, second] = [sources.follow(), sources.follow()];
    expect(sources.hasBegun).to.equal(false);
    second.chunk('a');
    expect(sources.hasBegun).to.equal(true);
    first.chunk('b');
    first.leave();
    first.fail(new Error('no'));
    first.end();
    second.end('c');
    expect(events).to.deep.equal([
      ['chunk', 'a'],
      ['end', 'c'],
    ]);
  });

  for (const name of ['leave', 'fail'] as const) {
    it(`passes on \`${name}\` if it is the first event`, () => {
      const { listener, events } = recordingListener();
      const failure = new RangeError('no');
      new FirstSource(listener).follow()[name](failure);
      expect(events).to.deep.equal([name === 'leave' ? [name] : [name, failure]]);
    });
  }
});
