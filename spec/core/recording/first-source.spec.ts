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

  it('ignores that the consumer leaves a stream without an event, unless no stream is left', () => {
    const { listener, events } = recordingListener();
    const sources = new FirstSource(listener);
    const [first, second] = [sources.follow(), sources.follow()];
    first.leave();
    first.leave();
    // A cancelled web stream also reports its end.
    first.end();
    first.fail(new Error('no'));
    expect([events, sources.hasBegun, sources.isOpen]).to.deep.equal([[], false, true]);
    second.leave();
    expect([events, sources.hasBegun, sources.isOpen]).to.deep.equal([[['leave']], false, false]);
  });

  it('passes on the events of the other stream after the consumer has left one of them', () => {
    const { listener, events } = recordingListener();
    const sources = new FirstSource(listener);
    const [first, second] = [sources.follow(), sources.follow()];
    first.leave();
    second.chunk('a');
    second.end();
    expect(events).to.deep.equal([['chunk', 'a'], ['end']]);
  });

  it('passes on that the consumer leaves the first stream, unless it also reads another one', () => {
    const alone = recordingListener();
    const sources = new FirstSource(alone.listener);
    const [read] = [sources.follow(), sources.follow()];
    read.chunk('a');
    read.leave();
    expect(alone.events).to.deep.equal([['chunk', 'a'], ['leave']]);
    const both = recordingListener();
    const shared = new FirstSource(both.listener);
    const [first, second] = [shared.follow(), shared.follow()];
    first.chunk('a');
    second.chunk('b');
    first.leave();
    second.chunk('c');
    second.end();
    expect(both.events).to.deep.equal([['chunk', 'a'], ['chunk', 'c'], ['end']]);
  });

  it('does not wait for the other stream if that stream has ended', () => {
    const { listener, events } = recordingListener();
    const sources = new FirstSource(listener);
    const [first, second] = [sources.follow(), sources.follow()];
    first.chunk('a');
    second.chunk('b');
    second.end();
    first.leave();
    expect(events).to.deep.equal([['chunk', 'a'], ['leave']]);
  });

  it('passes on the events of a stream that is read again after its end', () => {
    const { listener, events } = recordingListener();
    const source = new FirstSource(listener).follow();
    for (let round = 0; round < 2; round++) {
      source.chunk(round);
      source.end();
    }
    source.end();
    expect(events).to.deep.equal([['chunk', 0], ['end'], ['chunk', 1], ['end'], ['end']]);
  });

  it('does not wait for a stream that can not be followed', () => {
    const { listener, events } = recordingListener();
    const sources = new FirstSource(listener);
    const [first, second] = [sources.follow(), sources.follow()];
    sources.forget(second);
    first.leave();
    expect(events).to.deep.equal([['leave']]);
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
