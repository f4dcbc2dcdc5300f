import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { isEmitter, isStreamHelper, watchEvents } from '../../../lib/core/recording/watch-event-stream.js';
import { recordingListener } from '../../support/recording-listener.js';

/** A test double for a stream helper of OpenAI's and Anthropic's clients. */
class Helper {
  ended = false;
  readonly emitted: unknown[][] = [];

  on(): this {
    return this;
  }

  _emit(...event: unknown[]): boolean {
    this.emitted.push(event);
    return true;
  }
}

function watched(emitter: object = new Helper()) {
  const { listener, events } = recordingListener();
  const emit = (...event: unknown[]) => (emitter as Helper)._emit(...event);
  return { emit, events, isOpen: watchEvents(emitter, listener) };
}

describe('an object that emits events', () => {
  it('is recognized by its methods', () => {
    const on = () => {};
    const helpers = [new Helper(), { on, _emit: on }];
    const emitters = [new EventEmitter(), { on, emit: on }];
    const others = [
      {},
      { on },
      { emit: on },
      { _emit: on },
      { on: 'x', emit: on, _emit: on },
      { on, emit: 7, _emit: 7 },
    ];
    expect([...helpers, ...emitters, ...others].filter(isStreamHelper)).to.deep.equal(helpers);
    expect([...helpers, ...emitters, ...others].filter(isEmitter)).to.deep.equal(emitters);
  });

  it('is not a response if it is a server, process, thread or writable stream', () => {
    const on = () => {};
    for (const name of ['listen', 'kill', 'postMessage', 'write']) {
      expect(isEmitter({ on, emit: on, [name]: on }), name).to.equal(false);
    }
  });

  it('passes events on to its listeners, with the same `this`, even if the value cannot be read', () => {
    const emitter = new EventEmitter();
    const derived = Object.create(emitter) as EventEmitter;
    const received: unknown[] = [];
    emitter.on('finalMessage', function (this: unknown) {
      received.push(this);
    });
    expect(watchEvents(emitter, recordingListener().listener)).to.equal(true);
    const unreadable = {
      get usage(): never {
        throw new Error('hands off');
      },
    };
    derived.emit('finalMessage', unreadable);
    expect(received).to.deep.equal([derived]);
  });

  for (const event of ['chunk', 'streamEvent', 'event', 'data', 'token']) {
    it(`reports a chunk when it emits ${event}`, () => {
      const { emit, events } = watched();
      emit(event, 'Four', 'the snapshot');
      expect(events).to.deep.equal([['chunk', 'Four']]);
    });
  }

  for (const event of ['end', 'close', 'finish', 'done', 'complete']) {
    it(`ends with ${event}`, () => {
      const { emit, events } = watched();
      emit(event, 'a value');
      expect(events).to.deep.equal([['end']]);
    });
  }

  for (const event of ['chatCompletion', 'finalChatCompletion', 'finalMessage']) {
    it(`ends with the response in ${event}`, () => {
      const { emit, events } = watched();
      emit(event, { id: 'r1', usage: 1 });
      expect(events).to.deep.equal([]);
      emit('end');
      expect(events).to.deep.equal([['end', { id: 'r1', usage: 1 }]]);
    });
  }

  it('ends with the fields of all its responses, and the tokens of all its requests', () => {
    const { emit, events } = watched();
    emit('chatCompletion', { id: 'r1', usage: 1 });
    emit('totalUsage', 3);
    emit('finalChatCompletion', null);
    emit('finalMessage', { choices: [] });
    emit('end');
    expect(events).to.deep.equal([['end', { id: 'r1', usage: 3, choices: [] }]]);
  });

  it('fails with the value of an error or an abort', () => {
    const { emit, events } = watched();
    const failure = new RangeError('no');
    emit('error', failure);
    emit('abort', failure);
    expect(events).to.deep.equal([
      ['fail', failure],
      ['fail', failure],
    ]);
  });

  it('can be aborted without a value', () => {
    const { emit, events } = watched();
    emit('abort');
    const [[name, error]] = events as [[string, Error]];
    expect(name).to.equal('fail');
    expect(error)
      .to.be.instanceOf(DOMException)
      .and.include({ name: 'AbortError', message: 'The stream was aborted.' });
  });

  it('emits as before, without an additional listener', () => {
    const helper = new Helper();
    const { emit, events } = watched(helper);
    expect(emit('connect', 1, 2)).to.equal(true);
    expect(helper.emitted).to.deep.equal([['connect', 1, 2]]);
    expect(events).to.deep.equal([]);
    expect(Object.keys(helper)).to.deep.equal(['ended', 'emitted']);
    const emitter = new EventEmitter();
    watched(emitter);
    expect(emitter.eventNames()).to.deep.equal([]);
    expect(() => emitter.emit('error', new RangeError('no'))).to.throw(RangeError);
  });

  it('is observed through `emit` if it has no `_emit`', () => {
    const emitter = new EventEmitter();
    const { events, isOpen } = watched(emitter);
    const received: unknown[] = [];
    emitter.on('data', (value) => received.push(value));
    emitter.emit('data', 'Four');
    expect([isOpen, events, received]).to.deep.equal([true, [['chunk', 'Four']], ['Four']]);
  });

  it('is not observed if it has ended', () => {
    const helper = Object.assign(new Helper(), { ended: true });
    const { emit, events, isOpen } = watched(helper);
    emit('data', 'Four');
    expect([isOpen, events]).to.deep.equal([false, []]);
    expect(watched(Object.assign(new Helper(), { ended: 'no' })).isOpen).to.equal(true);
  });
});
