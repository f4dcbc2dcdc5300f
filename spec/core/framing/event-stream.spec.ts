import { expect } from 'chai';
import { EventStream, type StreamedEvent } from '../../../lib/core/framing/event-stream.js';
import { cut } from '../../proxy/observation/corpus/replay.js';

function eventsOf(text: string, offsets: readonly number[] = [], longestEvent = 1_000): (StreamedEvent | string)[] {
  const events: (StreamedEvent | string)[] = [];
  const stream = new EventStream({
    longestEvent,
    onEvent: (event) => events.push(event),
    onDropped: () => events.push('dropped'),
  });
  for (const piece of cut(Buffer.from(text), offsets)) stream.push(piece);
  stream.end();
  return events;
}

function unnamed(...data: readonly string[]): StreamedEvent[] {
  return data.map((one) => ({ name: '', data: one }));
}

describe('EventStream', () => {
  it('joins the lines of an event, and removes one leading space of each', () => {
    expect(eventsOf('data: a\ndata:b\ndata:  c\ndata\n\n')).to.deep.equal(unnamed('a\nb\n c\n'));
  });

  it('skips comments, other fields and events without data', () => {
    const text = ': hello\n\nid: 1\nretry: 5\nevent: ping\n\nevent: error\ndata: {}\n\nx\n: \ndata: b\n\n';
    expect(eventsOf(text)).to.deep.equal([{ name: 'error', data: '{}' }, ...unnamed('b')]);
  });

  it('reads an incomplete last event', () => {
    expect(eventsOf('data: a\n\ndata: [DONE]')).to.deep.equal(unnamed('a', '[DONE]'));
  });

  it('accepts all line endings and a byte order mark, split at any position', () => {
    const text = '\uFEFFdata: ü\r\n\r\ndata: b\r\rdata: 🦙\n\ndata: c\rdata: d\r\n\n';
    for (let offset = 0; offset <= Buffer.byteLength(text); offset++) {
      expect(eventsOf(text, [offset]), `split at ${offset}`).to.deep.equal(unnamed('ü', 'b', '🦙', 'c\nd'));
    }
  });

  it('drops events that are too long, with one or several lines', () => {
    expect(eventsOf(`data: ${'a'.repeat(50)}\n\ndata: b\n\n`, [20, 30], 20)).to.deep.equal([
      'dropped',
      ...unnamed('b'),
    ]);
    expect(eventsOf(`${'data: abcdefgh\n'.repeat(3)}\ndata: b\n\n`, [], 20)[0]).to.equal('dropped');
  });

  it('keeps at most 64 KiB of an event with many lines, drops the event once, and reads the next one', () => {
    const events: (StreamedEvent | string)[] = [];
    const stream = new EventStream({
      longestEvent: 8 * 1024 * 1024,
      onEvent: (event) => events.push(event),
      onDropped: () => events.push('dropped'),
    });
    const lines = Buffer.from('data:\n'.repeat(10_000));
    let most = 0;
    for (let count = 0; count < 100; count++) {
      stream.push(lines);
      most = Math.max(most, stream.heldBytes);
    }
    expect(most).to.be.below(256 * 1024);
    stream.push(Buffer.from('\ndata: b\n\n'));
    expect(events).to.deep.equal(['dropped', ...unnamed('b')]);
  });

  it('truncates the name of an event to 256 characters', () => {
    expect(eventsOf(`event: ${'a'.repeat(500)}\ndata: b\n\n`)).to.deep.equal([{ name: 'a'.repeat(256), data: 'b' }]);
  });
});
